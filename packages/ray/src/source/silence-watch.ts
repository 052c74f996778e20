/**
 * Calls back when a reader has waited for `limitMs` and nothing was heard, again and again. Its clock is monotonic
 * and runs only while the reader waits; one timer serves the whole connection.
 */
export class SilenceWatch {
  #waitingSince: number | undefined;
  #timer: ReturnType<typeof setTimeout>;

  constructor(
    readonly limitMs: number,
    readonly onSilence: () => void,
  ) {
    this.#timer = setTimeout(this.#check, limitMs);
  }

  /** The reader waits from now on. */
  waiting(): void {
    this.#waitingSince = performance.now();
  }

  /** Something came, or the reader turned away. */
  heard(): void {
    this.#waitingSince = undefined;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #check = (): void => {
    const now = performance.now();
    const silentFor = this.#waitingSince === undefined ? 0 : now - this.#waitingSince;
    if (silentFor >= this.limitMs) {
      this.#waitingSince = now;
      this.onSilence();
    }
    this.#timer = setTimeout(this.#check, Math.max(1, this.limitMs - (silentFor % this.limitMs)));
  };
}
