import type { DecodedLines, LineMessages } from './log-source.js';

/** The same lines in portions of at most `size`: one frame may hold more of them than may wait for a reader. */
export function* splitLines(decoded: DecodedLines, size: number): Generator<DecodedLines, void, void> {
  const { lines, text, canonical, messages, offsetBefore, ...after } = decoded;
  for (let start = 0; start < lines.length; start += size) {
    const end = Math.min(start + size, lines.length);
    yield {
      lines: lines.slice(start, end),
      messages:
        typeof messages === 'object'
          ? messagesWithin(messages, start, end < lines.length ? end : Number.POSITIVE_INFINITY)
          : messages,
      ...(start === 0 && offsetBefore !== undefined && { offsetBefore }),
      ...(end === lines.length && after),
    };
  }
}

/** A message counts in the portion in which it starts. */
function messagesWithin(messages: LineMessages, start: number, end: number): LineMessages {
  const starts = messages
    .starts()
    .filter((count) => count >= start && count < end)
    .map((count) => count - start);
  return { count: starts.length, starts: () => starts };
}
