import { ClientTimeoutError } from '../errors/client-timeout-error.js';
import type { Redactor } from '../redaction/redactor.js';
import { Deadline } from '../time/deadline.js';
import { within } from '../time/within.js';
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
export class CallScope extends Deadline {
  /** What failed before the wait for a repetition: the cause of a time-out. */
  lastFailure: unknown;
  readonly #owner: { redactor: Redactor; scopes: Set<CallScope> };

  /**
   * @param owner its `scopes` hold this one until the call is over
   * @throws the reason of the caller's signal when it is aborted already
   */
  constructor(
    { signal, timeoutMs, what }: PreparedCall,
    owner: { redactor: Redactor; scopes: Set<CallScope> },
  ) {
    super(signal);
    this.#owner = owner;
    if (timeoutMs !== undefined) this.set(timeoutMs, () => this.#timeout(what, timeoutMs));
    owner.scopes.add(this);
  }

  override release(): void {
    super.release();
    this.#owner.scopes.delete(this);
  }

  /** The promise's result, unless the call ends before. */
  async race<T>(promise: T | Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    const isPromise = typeof (promise as Partial<Promise<T>> | undefined)?.then === 'function';
    return isPromise ? within(promise as Promise<T>, { signal: this.signal }) : promise;
  }

  #timeout(what: string, timeoutMs: number): ClientTimeoutError {
    const message = `${what} did not end within ${timeoutMs} ms (timeoutMs).`;
    return this.#owner.redactor.sanitize(new ClientTimeoutError({ message, cause: this.lastFailure }));
  }
}
