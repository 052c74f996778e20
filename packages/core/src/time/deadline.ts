/**
 * A signal that follows the caller's, and is aborted too when its clock runs out. Its owner sets the clock as often
 * as it likes, and calls `release` at the end.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isReleased = false;

  /** @throws `caller.reason` when it is aborted already */
  constructor(caller: AbortSignal | undefined) {
    caller?.throwIfAborted();
    this.#caller = caller;
    caller?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Sets the clock, in place of what it was set to; 0 stops it. When it runs out, the signal is aborted by `late()`. */
  set(timeoutMs: number, late: () => Error): void {
    clearTimeout(this.#timer);
    if (timeoutMs > 0 && !this.#isReleased) this.#timer = setTimeout(() => this.abort(late()), timeoutMs);
  }

  /** Stops the clock. */
  clear(): void {
    clearTimeout(this.#timer);
  }

  abort(reason: unknown): void {
    this.release();
    this.#controller.abort(reason);
  }

  /** Stops the clock for good, and no longer follows the caller's signal. Calling it twice is fine. */
  release(): void {
    this.#isReleased = true;
    this.clear();
    this.#caller?.removeEventListener('abort', this.#onAbort);
  }

  #onAbort = (): void => this.abort(this.#caller?.reason);
}
