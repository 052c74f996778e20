import { pipeline } from 'node:stream/promises';
import type { FastifyReply } from 'fastify';
import type { JobLog } from '../contracts/job-log.js';
import { findFirstLine } from '../logs/first-line.js';
import { readPresentLog } from '../logs/present-log.js';
import { beginAnswer } from './begin-answer.js';

/**
 * Answers with a log as it is at this moment, byte for byte. Its length is told only where it is certain from the
 * start; a header says how much of the log's beginning was dropped. An answer that cannot be read to its end is broken off, and `onBroken` is called with the reason.
 *
 * @throws why the log cannot be read, before the first byte
 */
export async function sendWholeLog(
  log: JobLog,
  reply: FastifyReply,
  options: { stallTimeoutMs: number; onBroken: (error: unknown) => void },
): Promise<void> {
  const { stallTimeoutMs, onBroken } = options;
  // A caller of HTTP/1.0 cannot tell an answer without a length that was broken off from a whole one.
  const hasChunks = reply.raw.useChunkedEncodingByDefault;
  if (!hasChunks) await log.ready;
  const start = await findFirstLine(log);
  const end = hasChunks && log.ready !== undefined ? undefined : log.size;
  const pieces = readPresentLog(log, start, end);
  const first = await pieces.next();

  const response = beginAnswer(reply, {
    'content-type': 'text/plain; charset=utf-8',
    ...(end !== undefined && { 'content-length': end - start }),
    ...(start > 0 && { 'x-raywire-dropped-bytes': start }),
  });
  if (reply.request.method === 'HEAD') {
    await pieces.return(undefined);
    response.end();
    return;
  }
  // Who takes nothing keeps neither a connection nor the log; a log that is slow to come is not the reader's fault.
  response.setTimeout(stallTimeoutMs, () => {
    if (response.writableLength > 0) response.destroy();
  });
  const body = async function* (): AsyncGenerator<Uint8Array, void, void> {
    try {
      if (!first.done) yield first.value;
      yield* pieces;
    } catch (error) {
      // The log of a reader that has left may be closed while it is read.
      if (!response.destroyed) onBroken(error);
      throw error;
    }
  };
  // It destroys the connection when the body fails, which was reported then; a reader may leave at any time.
  await pipeline(body, response).catch(() => undefined);
}
