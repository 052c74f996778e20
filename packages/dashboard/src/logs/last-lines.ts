import { NotFoundError } from '@raywire/core';
import { LastLineStarts, startOfLastLines } from '@raywire/ray/internal';
import { shorterThanBefore } from './log-answer.js';
import { type LogFiles, olderFiles } from './log-files.js';
import { HEAD_BYTES, ReadFile } from './read-file.js';
import { presentLog, RotatingReader } from './rotating-reader.js';

const NEWLINE = 0x0a;

/** Where a log is in its files, and whether its writer has ended. */
export interface LogExtent {
  /** In the file that is written to. All of the older ones are of the log if it is 0, and none is if it is not. */
  start: number;
  /** In the file that is written to, exclusive; `undefined`: at its end. */
  end: number | undefined;
  hasEnded: boolean;
}

/** The file in which the last lines of a log begin, at that place. */
export type LastLines = (
  files: LogFiles,
  lines: number,
  log: LogExtent,
  signal: AbortSignal,
) => Promise<ReadFile>;

/** Found by reading backwards from the log's end, in files whose lengths are told. */
export const lastLinesBackwards: LastLines = async (files, lines, log, signal) => {
  const older = await olderFiles(files);
  const live = await files.look(0);
  if (live === undefined) throw new NotFoundError({ message: 'The log file is not there.' });
  let length = 0;
  const parts = [...(log.start === 0 ? older.toReversed() : []), live].map(
    ({ tag, size = 0 }, index, all) => {
      const age = all.length - 1 - index;
      const base = length;
      length += size;
      return { age, base, end: length, tag: age === 0 ? undefined : tag, previous: older[age]?.tag };
    },
  );
  const base = parts.at(-1)?.base as number;
  const extent = { ...log, end: Math.min(length, base + (log.end ?? length)) };
  const read = async (from: number, to: number): Promise<Uint8Array> => {
    const block = new Uint8Array(to - from);
    for (const part of parts) {
      const [start, end] = [Math.max(from, part.base), Math.min(to, part.end)];
      if (start >= end) continue;
      const bytes = await files.read(part.age, start - part.base, end - part.base);
      if (bytes === undefined) throw shorterThanBefore();
      block.set(bytes, start - from);
    }
    return block;
  };
  let failure: unknown;
  const start = await startOfLastLines(lines, extent, read).catch((error: unknown) => {
    failure = error;
    return length;
  });
  const part = parts.findLast((one) => one.base <= start) as (typeof parts)[number];
  const head = await files.read(part.age, 0, Math.min(HEAD_BYTES, start - part.base));
  const file = new ReadFile(part.base, part).at(start, head);
  // What was read in the middle of a rotation may have been of another file.
  if ((await files.look(1))?.tag !== older[0]?.tag) return lastLinesBackwards(files, lines, log, signal);
  if (failure !== undefined) throw failure;
  return file;
};

/** Found by reading all of the log. */
export const lastLinesForwards: LastLines = async (files, lines, log, signal) => {
  const { start, hasEnded } = log;
  const reader = new RotatingReader(files, await beginningOf(files, start), { signal, log });
  const seen: ReadFile[] = [reader.file];
  const starts = new LastLineStarts(lines, start);
  let position = start;
  for await (const bytes of presentLog(reader)) {
    if (seen.at(-1) !== reader.file) seen.push(reader.file);
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1))
      starts.add(position + at + 1);
    position += bytes.length;
  }
  const first = starts.at(position, hasEnded);
  return (seen.findLast(({ base }) => base <= first) as ReadFile).at(first);
};

/** The file in which a log begins that is at `start` in the file that is written to. */
export async function beginningOf(files: LogFiles, start: number): Promise<ReadFile> {
  if (start === 0) return new ReadFile(0);
  return new ReadFile(0, { length: start, previous: (await files.look(1))?.tag });
}
