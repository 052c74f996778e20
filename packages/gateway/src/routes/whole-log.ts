import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { JobLog } from '../contracts/job-log.js';
import { findFirstLine } from '../logs/first-line.js';
import { readRange } from '../logs/read-range.js';

/** Answers with a log as it is at this moment, byte for byte; a header says how much of its beginning was dropped. */
export async function sendWholeLog(
  log: JobLog,
  reply: FastifyReply,
  stallTimeoutMs: number,
): Promise<FastifyReply> {
  await log.ready;
  const start = await findFirstLine(log);
  const { size } = log;
  const response = reply.raw;
  // Who takes nothing keeps neither a connection nor the log; a log that is slow to come is not the reader's fault.
  response.setTimeout(stallTimeoutMs, () => {
    if (response.writableLength > 0) response.destroy();
  });
  return reply
    .type('text/plain; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('content-length', size - start)
    .headers(start === 0 ? {} : { 'x-raywire-dropped-bytes': start })
    .send(Readable.from(readRange(log, start, size), { objectMode: false }));
}
