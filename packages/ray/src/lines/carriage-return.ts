import { movesCursor } from '../source/cursor-moves.js';
import { TerminalRow } from './terminal-row.js';

/** How a line that moves the cursor back is delivered: as a terminal would show it, or as it is. */
export type CarriageReturnMode = 'collapse' | 'keep';

/** Has more than `\r` and characters of one unit and one column: letters, and what bars are made of. */
const ELABORATE = /[^\r\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u2500-\u25fc\u2800-\u28ff]/;

/**
 * What a terminal shows of a line. One that does not move the cursor stays as it is, and so does one that reaches
 * beyond its row.
 */
export function collapseCarriageReturns(line: string): string {
  if (!movesCursor(line)) return line;
  if (!ELABORATE.test(line)) return overlaid(line.split('\r'));
  const row = new TerminalRow();
  row.write(line);
  return row.isBeyond ? line : row.toString();
}

/**
 * What is seen of texts that are written over each other, the last one on top: a shorter one leaves the rest of the
 * longer. From the top down, so that a hundred thousand steps of a progress bar on a long line cost no more than their
 * characters.
 */
function overlaid(segments: readonly string[]): string {
  let shown = '';
  for (let index = segments.length - 1; index >= 0; index--) {
    const segment = segments[index] as string;
    if (segment.length > shown.length) shown += segment.slice(shown.length);
  }
  return shown;
}
