import type { JobLog } from '../contracts/job-log.js';
import { readRange } from './read-range.js';

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/**
 * The byte where the last `lines` lines of a log begin. An unfinished last line counts once the job has ended; while
 * it runs it is not yet a line, and comes on top when it is finished.
 */
export async function findTailOffset(log: JobLog, lines: number): Promise<number> {
  const ended = log.end !== undefined;
  let position = log.size;
  // The newline that ends the last line is not the border in front of it.
  let bordersToPass = lines + 1;
  if (ended && position > 0 && (await readAll(log, position - 1, position))[0] !== NEWLINE)
    bordersToPass = lines;
  if (bordersToPass === 0) return position;
  while (position > 0) {
    const start = Math.max(0, position - CHUNK_BYTES);
    const bytes = await readAll(log, start, position);
    for (let newline = bytes.lastIndexOf(NEWLINE); newline >= 0; ) {
      bordersToPass -= 1;
      if (bordersToPass === 0) return start + newline + 1;
      newline = newline === 0 ? -1 : bytes.lastIndexOf(NEWLINE, newline - 1);
    }
    position = start;
  }
  return 0;
}

async function readAll(log: JobLog, start: number, end: number): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(readRange(log, start, end)));
}
