import type { JobLogEnd } from '../job-log.js';
import { encodeEvent } from './encode-event.js';
import type { LogBatch } from './log-batch.js';
import type { FeedWaiter, LogFeed } from './log-feed.js';
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
  const { format } = sink;
  const place = new Place(feed, sink, request.start);
  const send = (event: { type: string; [field: string]: unknown }): Promise<void> | undefined =>
    sink.write(encodeEvent(event, format));

  if (request.announceStart && format.batch)
    await send({ type: 'partial', message: '', offset: request.start });

  const target = feed.log.size;
  while (!sink.isGone) {
    const pending = request.follow
      ? place.next()
      : place.position < target || feed.log.end !== undefined
        ? feed.available(place.position)
        : undefined;
    const batch = pending instanceof Promise ? await pending : pending;
    if (batch === undefined) break;
    for (const part of batch.encode(format)) {
      const flushed = sink.write(part);
      if (flushed !== undefined) await flushed;
    }
    place.position = batch.end;
  }
  if (sink.isGone) return;

  const end = feed.log.end;
  if (end !== undefined && place.position >= end.size) await send(completeEvent(end));
  else if (!request.follow) await send({ type: 'caught_up', status: 'RUNNING', offset: place.position });
}

/** Where a reader stands. There is one object for all of its waits, since thousands of readers wait at every line. */
class Place implements FeedWaiter {
  position: number;
  readonly onPartial: ((text: string) => void) | undefined;
  readonly #feed: LogFeed;
  #pending: PromiseWithResolvers<LogBatch | undefined> | undefined;

  constructor(feed: LogFeed, sink: LogSink, position: number) {
    this.#feed = feed;
    this.position = position;
    const { format } = sink;
    if (format.batch)
      this.onPartial = (message) => sink.hint(encodeEvent({ type: 'partial', message }, format));
    sink.onGone = () => this.#leave();
  }

  next(): LogBatch | Promise<LogBatch | undefined> {
    const batch = this.#feed.next(this.position, this);
    if (batch !== undefined) return batch;
    this.#pending = Promise.withResolvers();
    return this.#pending.promise;
  }

  take(batch: LogBatch | undefined): void {
    this.#pending?.resolve(batch);
    this.#pending = undefined;
  }

  fail(error: unknown): void {
    this.#pending?.reject(error);
    this.#pending = undefined;
  }

  #leave(): void {
    if (this.#pending === undefined) return;
    this.#feed.leave(this.position, this);
    this.take(undefined);
  }
}

function completeEvent(end: JobLogEnd): {
  type: string;
  status: string;
  exit_code: number | null;
  offset: number;
} {
  return { type: 'complete', status: end.status, exit_code: end.exitCode, offset: end.size };
}
