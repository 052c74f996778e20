import type { JobLog } from '../contracts/job-log.js';

const READ_BYTES = 256 * 1024;

/** The bytes of a log from `start` to `end`, piece by piece. @throws {Error} when the log is shorter */
export async function* readRange(
  log: JobLog,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array, void, void> {
  for (let position = start; position < end; ) {
    const chunk = await readPiece(log, position, end);
    position += chunk.length;
    yield chunk;
  }
}

/** The next bytes at `position`, none beyond `end`. @throws {Error} when the log is shorter */
export async function readPiece(log: JobLog, position: number, end: number): Promise<Uint8Array> {
  const chunk = await log.read(position, Math.min(READ_BYTES, end - position));
  if (chunk.length === 0) throw new Error(`The log ended at byte ${position}, before its known size`);
  return chunk;
}
