import type { LineMessages } from '../source/log-source.js';

/** The messages of the last `kept` of so many lines. */
export function withoutLines(messages: LineMessages, lines: number, kept: number): LineMessages {
  const dropped = lines - kept;
  const all = messages.starts();
  const starts = all
    .filter((_, index) => (all[index + 1] ?? lines) > dropped)
    .map((start) => Math.max(0, start - dropped));
  return { count: starts.length, starts: () => starts };
}
