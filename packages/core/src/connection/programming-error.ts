const NAMES = new Set(['TypeError', 'ReferenceError', 'RangeError']);

/** `fetch` and its bodies report a lost connection as a TypeError too: Node, Chromium, Firefox, Safari, Deno. */
const OF_FETCH =
  /^(?:fetch failed|failed to fetch|terminated|network ?error|load failed|error (?:in input stream|sending request|reading a body)|the (?:network|internet) connection|could not connect|a server with)/i;

/** Whether what was thrown is a fault of a program, which would only be repeated, and not of the network. */
export function isProgrammingError(error: unknown): error is Error {
  const { name, message } = (error ?? {}) as Partial<Error>;
  return NAMES.has(String(name)) && !OF_FETCH.test(String(message));
}
