import { setTimeout as delay } from 'node:timers/promises';
import { ClientError, HTTPError, StreamGapError } from '@raywire/core';

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;

/** Waits for a cluster that is away for a while. */
export class Patience {
  readonly #giveUpAfterMs: number;
  readonly #signal: AbortSignal;

  constructor(options: { giveUpAfterMs: number; signal: AbortSignal }) {
    this.#giveUpAfterMs = options.giveUpAfterMs;
    this.#signal = options.signal;
  }

  /**
   * Repeats an attempt until it succeeds.
   *
   * @param progress grows when a failed attempt got somewhere: patience begins again then
   * @throws what the last attempt threw, when that is final or it was out of patience
   */
  async until<T>(attempt: () => Promise<T>, progress: () => number = () => 0): Promise<T> {
    let lastSuccess = performance.now();
    for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)) {
      const before = progress();
      try {
        return await attempt();
      } catch (error) {
        if (progress() > before) {
          lastSuccess = performance.now();
          retryMs = FIRST_RETRY_MS;
        }
        const isOver = performance.now() - lastSuccess > this.#giveUpAfterMs;
        if (this.#signal.aborted || isFinal(error) || isOver) throw error;
      }
      await delay(retryMs, undefined, { signal: this.#signal });
    }
  }
}

/** What the cluster would only say again, and what does not come from the cluster. */
function isFinal(error: unknown): boolean {
  if (!ClientError.isInstance(error) || StreamGapError.isInstance(error)) return true;
  if (error.code === 'CLIENT_CLOSED') return true;
  return HTTPError.isInstance(error) && error.statusCode < 500 && error.statusCode !== 429;
}
