import { backoff } from '@raywire/core/internal';
import type { ReconnectOptions } from './tail-options.js';

/** As for REST calls: nobody wants to wait longer without being asked. */
const MAX_RETRY_AFTER_MS = 60_000;
/** A server that was never connected is more likely absent than away: as many retries as a REST call has. */
const FIRST_CONTACT_RETRIES = 2;

/** A further attempt. */
export interface Retry {
  /** 1, and one more for each retry since the budget was renewed. */
  attempt: number;
  delayMs: number;
  /** How much longer the tail keeps trying, in milliseconds. */
  giveUpInMs: number;
}

/** How long a tail keeps trying: for a time from the first failure on, and at first contact for three attempts. */
export class RetryBudget {
  readonly #options: ReconnectOptions;
  #spent = 0;
  #failingSince: number | undefined;
  #isEstablished = false;

  constructor(options: ReconnectOptions) {
    this.#options = options;
  }

  /** The server was connected: from now on only the time counts. */
  establish(): void {
    this.#isEstablished = true;
  }

  /** The tail has got on: the next failure is the first one again. */
  renew(): void {
    this.#spent = 0;
    this.#failingSince = undefined;
  }

  /**
   * Takes the next attempt. The last one comes when the time is over.
   *
   * @param retryAfterMs what the server asks for
   * @param isFree the failure was nobody's fault and costs nothing; with a budget of 0 it ends the tail too
   * @returns `undefined` when there is none left
   */
  take(retryAfterMs: number, isFree: boolean): Retry | undefined {
    const { giveUpAfterMs } = this.#options;
    const now = performance.now();
    if (isFree) this.#failingSince = undefined;
    this.#failingSince ??= now;
    const giveUpInMs = this.#failingSince + giveUpAfterMs - now;
    const isSpent = !isFree && !this.#isEstablished && this.#spent >= FIRST_CONTACT_RETRIES;
    if (isSpent || giveUpInMs <= 0 || retryAfterMs > Math.min(giveUpInMs, MAX_RETRY_AFTER_MS))
      return undefined;
    if (!isFree) this.#spent++;
    const delayMs = Math.max(
      Math.min(backoff(this.#options, this.#spent), Math.ceil(giveUpInMs)),
      retryAfterMs,
    );
    return { attempt: this.#spent, delayMs, giveUpInMs };
  }
}
