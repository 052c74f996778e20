import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { JobLog } from '../contracts/job-log.js';

const READ_BYTES = 256 * 1024;

/** Answers with a log as it is at this moment, byte for byte. */
export async function sendWholeLog(
  log: JobLog,
  reply: FastifyReply,
  stallTimeoutMs: number,
): Promise<FastifyReply> {
  await log.ready;
  const { size } = log;
  const response = reply.raw;
  // Who takes nothing keeps neither a connection nor the log; a log that is slow to come is not the reader's fault.
  response.setTimeout(stallTimeoutMs, () => {
    if (response.writableLength > 0) response.destroy();
  });
  return reply
    .type('text/plain; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('content-length', size)
    .send(Readable.from(readUpTo(log, size), { objectMode: false }));
}

/** The first `size` bytes of a log. */
async function* readUpTo(log: JobLog, size: number): AsyncGenerator<Uint8Array, void, void> {
  for (let position = 0; position < size; ) {
    const chunk = await log.read(position, Math.min(READ_BYTES, size - position));
    if (chunk.length === 0) throw new Error(`The log ended at byte ${position} of ${size}`);
    position += chunk.length;
    yield chunk;
  }
}
