import type { GatewayEvent } from './gateway-options.js';
import { encodeEvent } from './logs/encode-event.js';
import type { LogFeedLease } from './logs/log-feeds.js';
import { type LogSink, ReaderStalledError } from './logs/log-sink.js';
import { LogStream, type StreamRequest } from './logs/log-stream.js';

/** All who tail a log at this moment. It keeps their connections alive, and ends them with the gateway. */
export class Readers {
  readonly #open = new Map<LogSink, { lease: LogFeedLease; done: Promise<void> }>();
  readonly #pingTimer: NodeJS.Timeout;
  readonly #onEvent: (event: GatewayEvent) => void;

  constructor(options: { pingIntervalMs: number; onEvent: (event: GatewayEvent) => void }) {
    this.#onEvent = options.onEvent;
    this.#pingTimer = setInterval(() => {
      for (const sink of this.#open.keys()) sink.ping();
    }, options.pingIntervalMs);
    this.#pingTimer.unref();
  }

  /** Streams a log to a reader until either ends. It never rejects: a failure is told to the reader. */
  serve(sink: LogSink, jobId: string, lease: LogFeedLease, request: StreamRequest): Promise<void> {
    const done = this.#serve(sink, jobId, lease, request);
    this.#open.set(sink, { lease, done });
    return done;
  }

  /** Lets readers whose job has ended take the rest for `graceMs`, then ends all. */
  async close(graceMs: number): Promise<void> {
    clearInterval(this.#pingTimer);
    const grace = Promise.withResolvers<void>();
    const timer = setTimeout(grace.resolve, graceMs);
    const ending = [...this.#open.values()].filter(({ lease }) => lease.feed.log.end !== undefined);
    await Promise.race([Promise.all(ending.map(({ done }) => done)), grace.promise]);
    clearTimeout(timer);
    for (const sink of this.#open.keys()) sink.end('gateway-closing');
  }

  async #serve(sink: LogSink, jobId: string, lease: LogFeedLease, request: StreamRequest): Promise<void> {
    try {
      await new LogStream(lease.feed, sink, request).done;
      sink.end('complete');
    } catch (error) {
      const stalled = error instanceof ReaderStalledError;
      if (stalled) this.#onEvent({ type: 'reader-dropped', jobId, reason: error.message });
      else this.#onEvent({ type: 'error', error });
      const message = stalled || error instanceof RangeError ? error.message : 'The log could not be read';
      sink.hint(encodeEvent({ type: 'error', message }, sink.format));
      sink.end(stalled ? 'stalled' : 'failed');
    } finally {
      this.#open.delete(sink);
      await lease.release();
    }
  }
}
