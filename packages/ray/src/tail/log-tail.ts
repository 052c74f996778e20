import type { TailCursor } from '@raywire/core';
import { InvalidArgumentError } from '@raywire/core';
import type { LineBatch } from '../lines/line-batch.js';
import { routesFor } from './routes.js';
import type { TailEnd, TailEnding } from './tail-end.js';
import { TailEngine } from './tail-engine.js';
import type { CheckedTailOptions } from './tail-options.js';
import type { TailEndOfLog } from './tail-report.js';
import type { TailTarget } from './tail-target.js';

/**
 * A log being read: every line exactly once, in order. The connection is made at the first read. It has one
 * consumer: the loop over lines, `batches()`, or `toReadableStream()`.
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
  #ended = false;
  #consumed = false;
  #failure: Pick<TailEnding, 'error'> | undefined;
  #batch: LineBatch | undefined;
  #next = 0;
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
      onEvent: this.#guard(options.onEvent),
      onPartial: this.#guard(options.onPartial),
    };
    this.#engine = new TailEngine(target, routesFor(target, options.protocol), guarded, this.#abort.signal);
    this.#batches = this.#engine.run();
    // Not `AbortSignal.any`: a caller's signal may be a polyfill's.
    this.#signals = options.signal === undefined ? [target.closed] : [target.closed, options.signal];
    for (const signal of this.#signals) signal.addEventListener('abort', this.#onAbort, { once: true });
    if (this.#signals.some(({ aborted }) => aborted)) this.#onAbort();
  }

  /**
   * How the tail ended: always resolves, never rejects. One never read resolves it when closed. The job is requested
   * once for it, for at most 3 s; a tail whose `end` nobody looks at requests nothing.
   */
  get end(): Promise<TailEnd> {
    this.#end ??= this.#stopped.then((end) => this.#engine.report.withJob(end));
    return this.#end;
  }

  /**
   * The position just after the item last handed out (a line, or a batch): save it once that item is processed.
   * `undefined` only while a tail that began with `tailLines` has not learnt where it is.
   */
  get cursor(): TailCursor | undefined {
    const batch = this.#batch;
    return this.#engine.readerCursor(batch && { batch, count: this.#next });
  }

  /**
   * Whole lines, without their newline.
   *
   * @throws {InvalidArgumentError} when the tail has a consumer already
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<string> {
    this.#consume();
    const iterator: AsyncIterableIterator<string> = {
      next: () => this.#nextLine(),
      return: () => this.#leave(),
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  /**
   * Arrays of lines, as they arrived together: the fast way. None is empty, and none holds more lines than
   * `streamLimits.queueSize`.
   *
   * @throws {InvalidArgumentError} when the tail has a consumer already
   */
  batches(): AsyncIterableIterator<string[]> {
    this.#consume();
    const iterator: AsyncIterableIterator<string[]> = {
      next: () => this.#nextBatch(),
      return: () => this.#leave(),
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  /**
   * A stream with one line a chunk; it reads only what is pulled, and cancelling it closes the tail.
   *
   * @throws {InvalidArgumentError} when the tail has a consumer already
   */
  toReadableStream(): ReadableStream<string> {
    const lines = this[Symbol.asyncIterator]();
    return new ReadableStream<string>(
      {
        async pull(controller) {
          const next = await lines.next();
          if (next.done) controller.close();
          else controller.enqueue(next.value);
        },
        async cancel() {
          await lines.return?.();
        },
      },
      { highWaterMark: 0 },
    );
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
    if (this.#consumed) {
      throw new InvalidArgumentError({
        code: 'TAIL_CONSUMED',
        message: 'This tail has a consumer already; call tailJobLogs again for another one.',
      });
    }
    this.#consumed = true;
  }

  // The hot path: a line that is there costs one resolved promise.
  #nextLine(): Promise<IteratorResult<string>> {
    const line = this.#pulling === undefined && !this.#ended ? this.#takeLine() : undefined;
    if (line !== undefined) return Promise.resolve({ value: line, done: false });
    return this.#pull().then((more) => {
      const pulled = more ? this.#takeLine() : undefined;
      return pulled === undefined ? { value: undefined, done: true } : { value: pulled, done: false };
    });
  }

  #takeLine(): string | undefined {
    const line = this.#batch?.lines.at(this.#next);
    if (line !== undefined) this.#next++;
    return line;
  }

  async #nextBatch(): Promise<IteratorResult<string[]>> {
    if (!(await this.#pull()) || this.#batch === undefined) return { value: undefined, done: true };
    const { lines } = this.#batch;
    this.#next = lines.length;
    return { value: Array.isArray(lines) ? lines : lines.slice(), done: false };
  }

  // One pull at a time: callers that do not wait for each other get their lines in order all the same.
  #pull(): Promise<boolean> {
    const before = this.#pulling ?? Promise.resolve(true);
    const pull = before.then((more) => {
      if (!more || (this.#batch !== undefined && this.#next < this.#batch.lines.length && !this.#ended))
        return more;
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
        this.#batch = next.value;
        this.#next = 0;
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
    // Thrown once, to who was waiting; a loop that asks again after an error is at its end.
    const failure = this.#failure;
    this.#failure = undefined;
    await this.#release();
    if (failure !== undefined) throw failure.error;
    return false;
  }

  /** A callback that throws fails the tail by itself; one that is asynchronous and rejects does so too. */
  #guard<T>(callback: ((value: T) => void) | undefined): ((value: T) => void) | undefined {
    if (callback === undefined) return undefined;
    return (value) => {
      const told: unknown = callback(value);
      if (!(told instanceof Promise)) return;
      told.catch((error: unknown) => {
        // After the end there is no loop left to throw it.
        if (this.#ended) throw error;
        this.#stop({ reason: 'failed', error: this.#sanitize(error) });
      });
    };
  }

  #onAbort = (): void => {
    this.#stop({ reason: 'aborted', error: this.#signals.find(({ aborted }) => aborted)?.reason });
  };

  #stop(ending: TailEnding): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = 'error' in ending ? ending : undefined;
    for (const signal of this.#signals) signal.removeEventListener('abort', this.#onAbort);
    const untaken = this.#batch?.lines.slice(this.#next) ?? [];
    const end = this.#engine.report.end(ending, untaken);
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
