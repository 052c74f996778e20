import { StreamGapError } from '@raywire/core';
import type { JobLog } from '../contracts/job-log.js';

const READ_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/**
 * Where the first line begins that a log still holds as a whole. At the end of a log that holds none: its last line was too
 * long to be kept.
 *
 * @throws {StreamGapError} when the job still writes that line
 */
export async function findFirstLine(log: JobLog): Promise<number> {
  for (;;) {
    const { start = 0 } = log;
    if (start === 0) return 0;
    try {
      const line = await lineAfter(log, start);
      if (line !== undefined || log.end !== undefined) return line ?? log.size;
    } catch (error) {
      // More was dropped while it was looked for.
      if (StreamGapError.isInstance(error) && log.start !== start) continue;
      throw error;
    }
    throw new StreamGapError({
      message:
        'The log holds a part of one line alone, which is longer than what is kept: its beginning was dropped.',
    });
  }
}

async function lineAfter(log: JobLog, start: number): Promise<number | undefined> {
  for (let position = start; ; ) {
    const bytes = await log.read(position, READ_BYTES);
    if (bytes.length === 0) return undefined;
    const newline = bytes.indexOf(NEWLINE);
    if (newline >= 0) return position + newline + 1;
    position += bytes.length;
  }
}
