import { StreamGapError } from '@raywire/core';
import { reasonOf } from '../error-answer.js';
import type { GatewayEvent } from '../gateway-options.js';
import type { RequestPlace } from '../request-place.js';
import { encodeEvent } from './encode-event.js';
import type { LogFeed } from './log-feed.js';
import { type LogSink, ReaderStalledError } from './log-sink.js';
import { LogStream, type StreamRequest } from './log-stream.js';

/** The streams of all readers. It keeps their connections alive, and ends each with its stream or with the gateway. */
export class LogStreams {
  readonly #open = new Map<LogSink, { feed: LogFeed; done: Promise<void> }>();
  readonly #pingTimer: NodeJS.Timeout;
  readonly #onEvent: (event: GatewayEvent) => void;

  constructor(options: { pingIntervalMs: number; onEvent: (event: GatewayEvent) => void }) {
    this.#onEvent = options.onEvent;
    this.#pingTimer = setInterval(() => {
      for (const sink of this.#open.keys()) sink.ping();
    }, options.pingIntervalMs);
    this.#pingTimer.unref();
  }

  /** Streams a log to a reader until either ends. */
  serve(place: RequestPlace & { jobId: string }, feed: LogFeed, sink: LogSink, request: StreamRequest): void {
    const done = new LogStream(feed, sink, request).done
      .then(
        () => sink.end('complete'),
        (error) => this.fail(place, sink, error),
      )
      .finally(() => this.#open.delete(sink));
    this.#open.set(sink, { feed, done });
  }

  /** Ends a connection whose log cannot be sent, and reports it to the owner of the gateway. */
  fail(place: RequestPlace & { jobId: string }, sink: LogSink, error: unknown): void {
    const { isGone } = sink;
    const isStalled = error instanceof ReaderStalledError;
    if (StreamGapError.isInstance(error)) {
      // It resumes, and is told that there is a gap.
      sink.end('not-there');
      if (!isGone) this.#onEvent({ type: 'reader-dropped', jobId: place.jobId, reason: error.message });
      return;
    }
    const message = isStalled || error instanceof RangeError ? error.message : reasonOf(error);
    const event = encodeEvent({ type: 'error', message }, sink.format);
    // An old client takes an end without it for the end of the log.
    if (isStalled) sink.hint(event);
    else sink.write(event);
    sink.end(isStalled ? 'stalled' : 'failed');
    // The log of a reader that has left may be closed while it is read.
    if (isGone) return;
    if (isStalled) this.#onEvent({ type: 'reader-dropped', jobId: place.jobId, reason: message });
    else this.#onEvent({ type: 'error', error, ...place });
  }

  /** Lets readers whose job has ended take the rest for `graceMs`, then ends all. */
  async close(graceMs: number): Promise<void> {
    clearInterval(this.#pingTimer);
    const grace = Promise.withResolvers<void>();
    const timer = setTimeout(grace.resolve, graceMs);
    const ending = [...this.#open.values()].filter(({ feed }) => feed.log.end !== undefined);
    await Promise.race([Promise.all(ending.map(({ done }) => done)), grace.promise]);
    clearTimeout(timer);
    for (const sink of this.#open.keys()) sink.end('gateway-closing');
  }
}
