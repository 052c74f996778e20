import { ClientTimeoutError } from '../errors/client-timeout-error.js';

/** The life of one call: the caller's signal, the time-out of the whole, and the client's end come together here. */
export class CallScope {
  readonly #controller = new AbortController();
  readonly #callerSignal: AbortSignal | undefined;
  readonly #onAbort: () => void;
  readonly #onRelease: (scope: CallScope) => void;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  #lastFailure: unknown;

  /**
   * @param options `what` names the call in the message of a time-out; `onRelease` is called once the call is over
   * @throws the signal's reason when it is aborted already
   */
  constructor(options: {
    signal: AbortSignal | undefined;
    timeoutMs: number | undefined;
    what: string;
    onRelease: (scope: CallScope) => void;
  }) {
    const { signal, timeoutMs, what } = options;
    signal?.throwIfAborted();
    this.#callerSignal = signal;
    this.#onRelease = options.onRelease;
    this.#onAbort = () => this.abort(signal?.reason);
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (timeoutMs !== undefined) {
      this.#timer = setTimeout(() => this.abort(this.#timeout(what, timeoutMs)), timeoutMs);
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What failed before the wait for a repetition: the cause of a time-out. */
  set lastFailure(error: unknown) {
    this.#lastFailure = error;
  }

  abort(reason: unknown): void {
    this.release();
    this.#controller.abort(reason);
  }

  /** The time-out of the whole has done its work. */
  stopClock(): void {
    clearTimeout(this.#timer);
  }

  /** Takes back the listener and the timer. Calling it twice is fine. */
  release(): void {
    this.stopClock();
    this.#callerSignal?.removeEventListener('abort', this.#onAbort);
    this.#onRelease(this);
  }

  /** The promise's result, unless the call ends before. */
  async race<T>(promise: T | Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    if (typeof (promise as Partial<Promise<T>> | undefined)?.then !== 'function') return promise;
    let stop: () => void = () => undefined;
    const aborted = new Promise<never>((_resolve, reject) => {
      stop = () => reject(this.signal.reason);
      this.signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([promise, aborted]);
    } finally {
      this.signal.removeEventListener('abort', stop);
    }
  }

  /** @throws the reason when the call ends meanwhile */
  async sleep(delayMs: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const elapsed = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, delayMs);
    });
    try {
      await this.race(elapsed);
    } finally {
      clearTimeout(timer);
    }
  }

  #timeout(what: string, timeoutMs: number): ClientTimeoutError {
    return new ClientTimeoutError({
      message: `${what} did not end within ${timeoutMs} ms (timeoutMs).`,
      cause: this.#lastFailure,
    });
  }
}
