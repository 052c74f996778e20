import { ClientConnectionError } from '../errors/client-connection-error.js';
import { ClientError } from '../errors/client-error.js';
import { ClientTimeoutError } from '../errors/client-timeout-error.js';
import { Redactor } from '../redaction/redactor.js';

const MAX_DEPTH = 8;

const REASONS: readonly [RegExp, string][] = [
  [/^(?:ECONNREFUSED|ConnectionRefused)$/, 'nothing listens there. Is the server up, and the port right?'],
  [/^(?:ENOTFOUND|EAI_AGAIN|EAI_NONAME)$/, 'the host name cannot be resolved. Is it spelled right?'],
  [/^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, 'there is no route to the host.'],
  [/^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET|ConnectionClosed)$/, 'the connection was closed before the answer.'],
  [
    /CERT|SELF_SIGNED|^UNABLE_TO_(?:VERIFY|GET)/,
    'its TLS certificate is not trusted. In Node, NODE_EXTRA_CA_CERTS names a file with your own authority.',
  ],
  [/^(?:ERR_SSL_|EPROTO)/, 'it does not speak TLS there. Is it http:// rather than https://?'],
  [/^(?:HPE_|HTTPParserError)/, 'what it sent is not HTTP.'],
];

/** What a rejection of `fetch`, or of reading its body, means. What may hold secrets in it is taken out. */
export function fetchFailure(error: unknown, url: string, answered: boolean): ClientError {
  if (ClientError.isInstance(error)) return error;
  const cause = new Redactor().sanitize(error);
  const code = codeOf(error, 0);
  const origin = new URL(url).origin;
  if (answered) {
    return new ClientConnectionError({ message: `The answer of ${origin} broke off before its end.`, cause });
  }
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return new ClientTimeoutError({
      code: 'CONNECT_TIMEOUT',
      message: `${origin} cannot be connected to in time.`,
      cause,
    });
  }
  const reason = REASONS.find(([pattern]) => code !== undefined && pattern.test(code))?.[1];
  return new ClientConnectionError({
    message: `${origin} cannot be reached${code === undefined ? '' : ` (${code})`}: ${reason ?? 'the runtime gives no reason (server down, CORS, mixed content or a blocked port).'}`,
    cause,
  });
}

/** The first system or library code among the causes: `fetch failed` alone says nothing. */
function codeOf(error: unknown, depth: number): string | undefined {
  if (typeof error !== 'object' || error === null || depth > MAX_DEPTH) return undefined;
  const { name, code, cause, errors } = error as Record<'name' | 'code' | 'cause' | 'errors', unknown>;
  if (typeof code === 'string' && code !== '') return code;
  // undici leaves the code of some of these empty.
  if (name === 'HTTPParserError') return name;
  const inner = Array.isArray(errors) ? [cause, ...errors] : [cause];
  for (const candidate of inner) {
    const found = codeOf(candidate, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
