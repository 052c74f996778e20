const NEWLINE = 0x0a;

/** How many lines there are before each message. */
export function lineStarts(messages: readonly Uint8Array[]): number[] {
  let lines = 0;
  return messages.map((message) => {
    const start = lines;
    for (let at = message.indexOf(NEWLINE); at >= 0; at = message.indexOf(NEWLINE, at + 1)) lines++;
    return start;
  });
}
