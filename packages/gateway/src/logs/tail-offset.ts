import { startOfLastLines } from '@raywire/ray/internal';
import type { JobLog } from '../contracts/job-log.js';
import { findFirstLine } from './first-line.js';
import { readRange } from './read-range.js';

/** The byte where the last `lines` lines of a log begin, as it is now. */
export async function findTailOffset(log: JobLog, lines: number): Promise<number> {
  const place = { start: await findFirstLine(log), end: log.size, hasEnded: log.end !== undefined };
  return startOfLastLines(lines, place, async (start, end) =>
    Buffer.concat(await Array.fromAsync(readRange(log, start, end))),
  );
}
