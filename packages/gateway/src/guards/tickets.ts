import { randomBytes } from 'node:crypto';
import { RequestRefused } from '../request-refused.js';

/** How long a ticket is good for, in seconds. */
const LIFETIME_SECONDS = 30;
const MAX_OPEN = 1_000;

/** Single-use passes to the log of one job, for browsers, which can set no header on a WebSocket. */
export class Tickets {
  readonly #open = new Map<string, { jobId: string; expiresAt: number }>();
  readonly #now: () => number;

  /** `now` gives milliseconds of a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @throws {RequestRefused} 429, when too many are open */
  issue(jobId: string): { ticket: string; expires_in: number } {
    const now = this.#now();
    // In the order of their making, which is that of their end.
    for (const [ticket, { expiresAt }] of this.#open) {
      if (expiresAt > now) break;
      this.#open.delete(ticket);
    }
    if (this.#open.size >= MAX_OPEN) {
      throw new RequestRefused(
        429,
        `${MAX_OPEN} tickets are open: wait until some are used or have expired`,
        {
          'retry-after': String(LIFETIME_SECONDS),
        },
      );
    }
    const ticket = randomBytes(32).toString('base64url');
    this.#open.set(ticket, { jobId, expiresAt: now + LIFETIME_SECONDS * 1_000 });
    return { ticket, expires_in: LIFETIME_SECONDS };
  }

  /** Whether the ticket opens the log of this job. It is used up either way. */
  redeem(ticket: string, jobId: string): boolean {
    const entry = this.#open.get(ticket);
    this.#open.delete(ticket);
    return entry !== undefined && entry.jobId === jobId && entry.expiresAt > this.#now();
  }
}
