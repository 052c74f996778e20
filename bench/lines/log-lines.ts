import { mixedLines } from './mixed-lines.ts';
import { plainLines } from './plain-lines.ts';

/** What a log is made of: lines as people print them, or plain ones, each of 100 bytes. */
export type LineKind = 'mix' | 'plain';

export const LINE_KINDS: readonly LineKind[] = ['mix', 'plain'];

/** Distinct lines; a longer log repeats them. */
export const BLOCK_LINES = 10_000;

/** The lines of a block as a job prints them. */
export function blockOfLines(kind: LineKind): string[] {
  return kind === 'mix' ? mixedLines(BLOCK_LINES) : plainLines(BLOCK_LINES);
}

/** The lines of a kind in a table's words. */
export function describeLines(kind: LineKind): string {
  if (kind === 'plain') return 'lines of 100 B';
  const bytes = blockOfLines(kind).reduce((sum, line) => sum + Buffer.byteLength(line), 0);
  return `mixed lines of ${Math.round(bytes / BLOCK_LINES)} B on average`;
}
