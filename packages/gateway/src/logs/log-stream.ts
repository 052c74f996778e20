import type { JobStatus } from '../contracts/job.js';
import { encodeEvent } from './encode-event.js';
import type { LogBatch } from './log-batch.js';
import type { FeedWaiter, LogFeed } from './log-feed.js';
import type { LogSink, SinkOwner } from './log-sink.js';

/** What a reader asked for, resolved to a byte. */
export interface StreamRequest {
  /** The first byte to send. */
  start: number;
  /** False: only to the present end of the log. */
  follow: boolean;
  /** Tell where the stream begins: the reader asked for lines (`?tail=`), not for a byte. */
  announceStart: boolean;
  /** The job's state, asked at the present end of a log that has not ended. */
  status: () => Promise<JobStatus>;
}

/**
 * Sends a log from a byte to its end, as fast as the reader takes it: one batch is on its way, the next is asked for
 * after it. A wait makes no object, neither for the next lines nor for the reader: a thousand readers wait at every
 * line, and what lives through a collection of the young generation makes V8 enlarge it.
 */
export class LogStream implements FeedWaiter, SinkOwner {
  /** Resolves when all is sent or the reader has gone. Rejects with `ReaderStalledError`, or when it cannot be read. */
  readonly done: Promise<void>;
  readonly #feed: LogFeed;
  readonly #sink: LogSink;
  readonly #request: StreamRequest;
  /** Where the log ended when the stream began. */
  readonly #target: number;
  #position: number;
  /** What is to be written before the next lines are asked for. */
  #parts: readonly Buffer[] = [];
  #nextPart = 0;
  #isLast = false;
  /** What `caught_up` says. */
  #status: JobStatus = 'RUNNING';
  #settle: { resolve: () => void; reject: (error: unknown) => void } | undefined;

  constructor(feed: LogFeed, sink: LogSink, request: StreamRequest) {
    this.#feed = feed;
    this.#sink = sink;
    this.#request = request;
    this.#target = feed.log.size;
    this.#position = request.start;
    if (request.announceStart && sink.format.lines !== 'each')
      this.#parts = [encodeEvent({ type: 'partial', message: '', offset: request.start }, sink.format)];
    this.done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    sink.owner = this;
    this.advance();
  }

  take(batch: LogBatch | undefined): void {
    if (this.#settle === undefined) return;
    try {
      this.#begin(batch);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.advance();
  }

  onPartial(message: string): void {
    const { format } = this.#sink;
    if (format.lines !== 'each') this.#sink.hint(encodeEvent({ type: 'partial', message }, format));
  }

  gone(): void {
    this.#feed.leave(this.#position, this);
    this.#settle?.resolve();
    this.#settle = undefined;
  }

  fail(error: unknown): void {
    this.#settle?.reject(error);
    this.#settle = undefined;
  }

  /** Goes on until the reader or the log must be waited for. */
  advance(): void {
    try {
      while (this.#settle !== undefined) {
        if (this.#sink.isGone) {
          this.gone();
        } else if (this.#nextPart < this.#parts.length) {
          const part = this.#parts[this.#nextPart] as Buffer;
          this.#nextPart += 1;
          if (!this.#sink.write(part)) return;
        } else if (this.#isLast) {
          this.#settle.resolve();
          this.#settle = undefined;
        } else {
          const batch = this.#ask();
          if (batch === undefined) return;
          this.#begin(batch);
        }
      }
    } catch (error) {
      this.fail(error);
    }
  }

  /** `undefined` when `take` is called later. */
  #ask(): LogBatch | undefined {
    if (this.#request.follow) return this.#feed.next(this.#position, this);
    this.#upToNow().then(
      (batch) => this.take(batch),
      (error) => this.fail(error),
    );
    return undefined;
  }

  async #upToNow(): Promise<LogBatch | undefined> {
    const { log } = this.#feed;
    const isMore = this.#position < this.#target || log.end !== undefined;
    const batch = isMore ? await this.#feed.available(this.#position) : undefined;
    if (batch !== undefined || log.end !== undefined) return batch;
    // A log that has failed says so at its end, and has no present one.
    if (this.#position === log.size) await log.read(log.size, 1);
    this.#status = await this.#request.status();
    return undefined;
  }

  /** @param batch what comes next; `undefined`: nothing does */
  #begin(batch: LogBatch | undefined): void {
    const { format } = this.#sink;
    this.#nextPart = 0;
    if (batch !== undefined) {
      this.#parts = batch.encode(format);
      this.#position = batch.end;
      return;
    }
    this.#isLast = true;
    this.#parts = [];
    const { end } = this.#feed.log;
    if (end !== undefined && this.#position >= end.size) {
      const { status, exitCode: exit_code, size: offset } = end;
      this.#parts = [encodeEvent({ type: 'complete', status, exit_code, offset }, format)];
    } else if (!this.#request.follow) {
      const caughtUp = { type: 'caught_up', status: this.#status, offset: this.#position };
      this.#parts = [encodeEvent(caughtUp, format)];
    }
  }
}
