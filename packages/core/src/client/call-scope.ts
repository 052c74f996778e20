import { ClientTimeoutError } from '../errors/client-timeout-error.js';
import type { Redactor } from '../redaction/redactor.js';
import type { PreparedCall } from './prepared-call.js';

/** A call on its way. */
export interface Call extends PreparedCall {
  scope: CallScope;
  /** Of the client. */
  redactor: Redactor;
  /** Credentials are requested again after a refusal, once in a call. */
  refreshed: boolean;
}

/** The life of one call: the caller's signal, the time-out of the whole, and the client's end come together here. */
export class CallScope {
  readonly #controller = new AbortController();
  readonly #call: PreparedCall;
  readonly #owner: { redactor: Redactor; scopes: Set<CallScope> };
  readonly #onAbort: () => void;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly signal: AbortSignal = this.#controller.signal;
  /** What failed before the wait for a repetition: the cause of a time-out. */
  lastFailure: unknown;

  /**
   * @param owner its `scopes` hold this one until the call is over
   * @throws the reason of the caller's signal when it is aborted already
   */
  constructor(call: PreparedCall, owner: { redactor: Redactor; scopes: Set<CallScope> }) {
    const { signal, timeoutMs } = call;
    signal?.throwIfAborted();
    this.#call = call;
    this.#owner = owner;
    this.#onAbort = () => this.abort(signal?.reason);
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (timeoutMs !== undefined) {
      this.#timer = setTimeout(() => this.abort(this.#timeout(timeoutMs)), timeoutMs);
    }
    owner.scopes.add(this);
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
    clearTimeout(this.#timer);
    this.#call.signal?.removeEventListener('abort', this.#onAbort);
    this.#owner.scopes.delete(this);
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

  #timeout(timeoutMs: number): ClientTimeoutError {
    const message = `${this.#call.what} did not end within ${timeoutMs} ms (timeoutMs).`;
    return this.#owner.redactor.sanitize(new ClientTimeoutError({ message, cause: this.lastFailure }));
  }
}
