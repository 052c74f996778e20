import type { JobLogEnd } from '../job-log.js';
import { encodeEvent } from './log-batch.js';
import type { LogFeed } from './log-feed.js';
import type { LogSink } from './log-sink.js';

/** What a reader asked for, resolved to a byte. */
export interface StreamRequest {
  /** The first byte to send. */
  start: number;
  /** False: only to the present end of the log. */
  follow: boolean;
  /** Tell where the stream begins: the reader asked for lines (`?tail=`), not for a byte. */
  announceStart: boolean;
}

/**
 * Sends a log from a byte to its end, as fast as the reader takes it: one batch is on its way, the next is asked for
 * after it. Returns when all is sent or the reader has gone.
 *
 * @throws {ReaderStalledError} when the reader stalled
 */
export async function streamLog(feed: LogFeed, sink: LogSink, request: StreamRequest): Promise<void> {
  const { format, signal } = sink;
  let position = request.start;
  const send = (event: { type: string; [field: string]: unknown }): Promise<void> =>
    sink.write([encodeEvent(event, format)]);

  if (request.announceStart && format.batch) await send({ type: 'partial', message: '', offset: position });

  const onPartial = (message: string): void => sink.hint(encodeEvent({ type: 'partial', message }, format));

  const target = feed.log.size;
  while (!signal.aborted) {
    const batch = request.follow
      ? await feed.next(position, signal, format.batch ? onPartial : undefined)
      : position < target || feed.log.end !== undefined
        ? await feed.available(position)
        : undefined;
    if (batch === undefined) break;
    for (const frames of batch.frames(format)) await sink.write(frames);
    position = batch.end;
  }
  if (signal.aborted) return;

  const end = feed.log.end;
  if (end !== undefined && position >= end.size) await send(completeEvent(end));
  else if (!request.follow) await send({ type: 'caught_up', status: 'RUNNING', offset: position });
}

function completeEvent(end: JobLogEnd): {
  type: string;
  status: string;
  exit_code: number | null;
  offset: number;
} {
  return { type: 'complete', status: end.status, exit_code: end.exitCode, offset: end.size };
}
