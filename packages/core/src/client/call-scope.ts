import { ClientTimeoutError } from '../errors/client-timeout-error.js';
import { Deadline } from '../time/deadline.js';
import { within } from '../time/within.js';

/** The life of one call: the caller's signal, the time-out of the whole, and the client's end come together here. */
export class CallScope extends Deadline {
  /** What failed before the wait for a repetition: the cause of a time-out. */
  lastFailure: unknown;
  readonly #onRelease: (scope: CallScope) => void;

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
    super(options.signal);
    this.#onRelease = options.onRelease;
    const { timeoutMs, what } = options;
    if (timeoutMs !== undefined) this.set(timeoutMs, () => this.#timeout(what, timeoutMs));
  }

  override release(): void {
    super.release();
    this.#onRelease(this);
  }

  /** The promise's result, unless the call ends before. */
  async race<T>(promise: T | Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    const isPromise = typeof (promise as Partial<Promise<T>> | undefined)?.then === 'function';
    return isPromise ? within(promise as Promise<T>, { signal: this.signal }) : promise;
  }

  #timeout(what: string, timeoutMs: number): ClientTimeoutError {
    return new ClientTimeoutError({
      message: `${what} did not end within ${timeoutMs} ms (timeoutMs).`,
      cause: this.lastFailure,
    });
  }
}
