import type { TailCursor } from '@raywire/core';
import type { LineBatch } from '../lines/line-batch.js';
import { BatchInHand } from './batch-in-hand.js';
import { guardCallback } from './guard-callback.js';
import { pulledStream } from './pulled-stream.js';
import { routesFor } from './routes.js';
import type { TailEnd, TailEnding } from './tail-end.js';
import { TailEngine } from './tail-engine.js';
import { tailConsumed } from './tail-errors.js';
import type { CheckedTailOptions } from './tail-options.js';
import type { TailEndOfLog } from './tail-report.js';
import type { TailTarget } from './tail-target.js';

/**
 * A log being read: every line exactly once, in order. The connection is made at the first read, or when `opened` or
 * `end` is requested. It has one consumer: the loop over lines, `batches()`, `toReadableStream()`, or `drain()`.
 *
 * Leaving the loop, `close()` and an aborted `signal` all free the socket at once.
 *
 * @example
 * ```ts
 * import { AgentClient } from '@raywire/agent';
 *
 * const client = new AgentClient({ baseURL: 'http://127.0.0.1:8899' });
 * const tail = client.tailJobLogs('raysubmit_abc123');
 * for await (const line of tail) console.log(line);
 * const { reason, jobStatus, exitCode } = await tail.end;
 * ```
 */
export class LogTail implements AsyncIterable<string>, AsyncDisposable {
  readonly #engine: TailEngine;
  readonly #batches: AsyncGenerator<LineBatch, 'complete' | 'caughtUp', void>;
  readonly #abort = new AbortController();
  readonly #signals: readonly AbortSignal[];
  readonly #sanitize: (error: unknown) => unknown;
  readonly #explain: (error: unknown) => Promise<unknown>;
  readonly #stopped: Promise<TailEndOfLog>;
  #resolveStopped!: (end: TailEndOfLog) => void;
  #end: Promise<TailEnd> | undefined;
  #opened: Promise<void> | undefined;
  #ended = false;
  #consumed = false;
  /** Lines were thrown away for `end`, which nobody can have any more. */
  #threwAway = false;
  #failure: Pick<TailEnding, 'error'> | undefined;
  readonly #hand = new BatchInHand();
  #pulling: Promise<boolean> | undefined;
  /** The engine was asked for a batch, and has not answered. */
  #waits = false;
  #wake: () => void = () => undefined;

  /** @throws {ClientError} when no route can serve the options; nothing is sent before the first read */
  constructor(target: TailTarget, options: CheckedTailOptions) {
    this.#stopped = new Promise((resolve) => {
      this.#resolveStopped = resolve;
    });
    this.#sanitize = (error) => target.api.redactor.sanitize(error);
    this.#explain = target.explain;
    const guarded: CheckedTailOptions = {
      ...options,
      onEvent: guardCallback(options.onEvent, this.#onRejected),
      onPartial: guardCallback(options.onPartial, this.#onRejected),
    };
    this.#engine = new TailEngine(target, routesFor(target, options.protocol), guarded, this.#abort.signal);
    this.#batches = this.#engine.run();
    // Not `AbortSignal.any`: a caller's signal may be a polyfill's.
    this.#signals = options.signal === undefined ? [target.closed] : [target.closed, options.signal];
    for (const signal of this.#signals) signal.addEventListener('abort', this.#onAbort, { once: true });
    if (this.#signals.some(({ aborted }) => aborted)) this.#onAbort();
  }

  /**
   * How the tail ended: always resolves, never rejects. A tail without a consumer is drained for it, so request it once
   * the reading has begun, or in the same step. The job is requested once for it, for at most 3 s, and not before.
   */
  get end(): Promise<TailEnd> {
    this.#end ??= this.#whenEnded();
    return this.#end;
  }

  /**
   * Resolves once a first connection stands, and makes it now; a job that waits must have started. Rejects with what the
   * loop would throw where none comes to stand, and with an `AbortError` after `close()`; never unhandled. The lines wait
   * for the consumer.
   */
  get opened(): Promise<void> {
    this.#opened ??= this.#whenOpened();
    return this.#opened;
  }

  /**
   * The position just after the item last handed out (a line, or a batch): save it once that item is processed.
   * `undefined` only while a tail that began with `tailLines` has not learnt where it is.
   */
  get cursor(): TailCursor | undefined {
    return this.#engine.readerCursor(this.#hand.taken);
  }

  /**
   * Whole lines, without their newline.
   *
   * @throws {InvalidArgumentError} when the tail has a consumer already
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<string> {
    return this.#iterator(() => this.#nextLine());
  }

  /**
   * Arrays of lines, as they arrived together: the fast way. None is empty, and none holds more lines than
   * `streamLimits.queueSize`.
   *
   * @throws {InvalidArgumentError} when the tail has a consumer already
   */
  batches(): AsyncIterableIterator<string[]> {
    return this.#iterator(() => this.#nextBatch());
  }

  /**
   * A stream with one line a chunk; it reads only what is pulled, and cancelling it closes the tail.
   *
   * @throws {InvalidArgumentError} when the tail has a consumer already
   */
  toReadableStream(): ReadableStream<string> {
    return pulledStream(this[Symbol.asyncIterator]());
  }

  /**
   * Reads the log to its end and keeps none of it.
   *
   * @returns what `end` resolves to
   * @throws {InvalidArgumentError} when the tail has a consumer already
   * @throws {ClientError} what the loop would throw
   */
  async drain(): Promise<TailEnd> {
    this.#consume();
    while (await this.#read()) this.#hand.skip();
    return this.end;
  }

  /** Ends the tail quietly: its loop ends, its socket is freed. Calling it twice is fine. */
  async close(): Promise<void> {
    this.#stop({ reason: 'aborted' });
    await this.#release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #consume(): void {
    if (this.#consumed || this.#threwAway) throw tailConsumed(this.#consumed);
    this.#consumed = true;
  }

  #iterator<T>(next: () => Promise<IteratorResult<T>>): AsyncIterableIterator<T> {
    this.#consume();
    const iterator: AsyncIterableIterator<T> = {
      next,
      return: () => this.#leave(),
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  #whenEnded(): Promise<TailEnd> {
    // Not in this step: the caller may begin to read in the same one. A failure is left to a later consumer.
    void Promise.resolve().then(() => this.#drainUnread().catch(() => undefined));
    return this.#stopped.then((end) => this.#engine.report.withJob(end));
  }

  /** As long as nothing was thrown away, a consumer takes over. */
  async #drainUnread(): Promise<void> {
    while (!this.#consumed && !this.#ended && (await this.#pull())) {
      if (this.#consumed) return;
      this.#threwAway = true;
      this.#hand.skip();
    }
  }

  #whenOpened(): Promise<void> {
    const never = this.#stopped.then(({ error }) => {
      throw error ?? new DOMException('The tail was closed.', 'AbortError');
    });
    const opened = Promise.race([this.#engine.report.connected, never]);
    opened.catch(() => undefined);
    // The batch that comes of it waits for the consumer; so does a failure.
    if (!this.#ended) this.#pull().catch(() => undefined);
    return opened;
  }

  /** For the consumer: a failure is thrown once, and a loop that goes on after it is at its end. */
  #read(): Promise<boolean> {
    return this.#pull().catch((error: unknown) => {
      this.#failure = undefined;
      throw error;
    });
  }

  // The hot path: a line that is there costs one resolved promise.
  #nextLine(): Promise<IteratorResult<string>> {
    const line = this.#pulling === undefined && !this.#ended ? this.#hand.takeLine() : undefined;
    if (line !== undefined) return Promise.resolve({ value: line, done: false });
    return this.#read().then((more) => {
      const pulled = more ? this.#hand.takeLine() : undefined;
      return pulled === undefined ? { value: undefined, done: true } : { value: pulled, done: false };
    });
  }

  async #nextBatch(): Promise<IteratorResult<string[]>> {
    return (await this.#read())
      ? { value: this.#hand.takeAll(), done: false }
      : { value: undefined, done: true };
  }

  // One pull at a time: callers that do not wait for each other get their lines in order all the same.
  #pull(): Promise<boolean> {
    const before = this.#pulling ?? Promise.resolve(true);
    const pull = before.then((more) => {
      if (!more || (this.#hand.hasMore && !this.#ended)) return more;
      return this.#pullOrStop();
    });
    this.#pulling = pull;
    const settled = (): void => {
      if (this.#pulling === pull) this.#pulling = undefined;
    };
    pull.then(settled, settled);
    return pull;
  }

  // A transport may be deaf to the end of the tail. The wait is for a boolean: a promise that held the batch too would
  // have V8 keep all batches until its next full collection.
  #pullOrStop(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#wake = () => resolve(this.#finish());
      this.#pullBatch().then(resolve, reject);
    });
  }

  async #pullBatch(): Promise<boolean> {
    if (this.#ended) return this.#finish();
    this.#waits = true;
    try {
      const next = await this.#batches.next();
      this.#waits = false;
      if (!this.#ended && next.done) this.#stop({ reason: next.value });
      if (!this.#ended && !next.done) {
        this.#hand.put(next.value);
        return true;
      }
    } catch (error) {
      const told = await this.#explain(error);
      this.#waits = false;
      if (!this.#ended) this.#stop({ reason: 'failed', error: this.#sanitize(told) });
    }
    return this.#finish();
  }

  async #finish(): Promise<false> {
    const failure = this.#failure;
    await this.#release();
    if (failure !== undefined) throw failure.error;
    return false;
  }

  #onRejected = (error: unknown): void => {
    // After the end there is no loop left to throw it.
    if (this.#ended) throw error;
    this.#stop({ reason: 'failed', error: this.#sanitize(error) });
  };

  #onAbort = (): void => {
    this.#stop({ reason: 'aborted', error: this.#signals.find(({ aborted }) => aborted)?.reason });
  };

  #stop(ending: TailEnding): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = 'error' in ending ? ending : undefined;
    for (const signal of this.#signals) signal.removeEventListener('abort', this.#onAbort);
    const end = this.#engine.report.end(ending, this.#hand.untaken);
    this.#abort.abort(new DOMException('The tail was closed.', 'AbortError'));
    // One that has handed out a batch hears no signal: its timers would stay if nobody read on.
    this.#batches.return('complete').catch(() => undefined);
    this.#resolveStopped(end);
    if (this.#waits) this.#wake();
  }

  async #leave(): Promise<IteratorReturnResult<undefined>> {
    await this.close();
    return { value: undefined, done: true };
  }

  // An engine that has handed out a batch is ended here; one that waits is woken by its signal, and not waited for.
  async #release(): Promise<void> {
    const released = this.#batches.return('complete');
    if (!this.#waits) await released;
    // What fails after the end is nobody's any more.
    else released.catch(() => undefined);
  }
}
