/** Wrong tokens of one caller that are answered at once, so that a misconfigured client gets its error without delay. */
const ANSWERED_AT_ONCE = 20;
const STEP_MS = 50;
const MAX_DELAY_MS = 1_000;
/** A caller that has been quiet for so long begins again. */
const FORGET_MS = 600_000;
const MAX_CALLERS = 1_000;

/**
 * Counts wrong tokens by caller, and delays the answers to many of them. The right token never waits, since many callers
 * may share one address.
 */
export class WrongTokens {
  readonly #callers = new Map<string, { count: number; at: number }>();
  readonly #report: (caller: string, count: number) => void;
  readonly #now: () => number;

  /**
   * @param report gets the 1st, 10th, 100th, … wrong token of a caller
   * @param now gives milliseconds of a clock that never goes back
   */
  constructor(report: (caller: string, count: number) => void, now: () => number = () => performance.now()) {
    this.#report = report;
    this.#now = now;
  }

  /** Counts one. Returns the delay of its answer, in milliseconds. */
  count(caller: string): number {
    const now = this.#now();
    const before = this.#callers.get(caller);
    const count = before === undefined || now - before.at > FORGET_MS ? 1 : before.count + 1;
    // Those that were quiet for longest come first, and go first.
    this.#callers.delete(caller);
    this.#callers.set(caller, { count, at: now });
    if (this.#callers.size > MAX_CALLERS) this.#callers.delete(this.#callers.keys().next().value as string);
    if (Number.isInteger(Math.log10(count))) this.#report(caller, count);
    return Math.min(Math.max(0, count - ANSWERED_AT_ONCE) * STEP_MS, MAX_DELAY_MS);
  }
}
