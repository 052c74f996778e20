import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { RequestRefused } from '../request-refused.js';

/** How long a ticket is good for, in seconds. */
const LIFETIME_SECONDS = 30;
const LIFETIME_MS = LIFETIME_SECONDS * 1_000;
/** By so much may the clocks of two gateways differ, and so much longer is a used ticket remembered. */
const CLOCK_SKEW_MS = LIFETIME_MS;
/** Used tickets of one caller that are remembered: more in so short a time are no person's. */
const MAX_USED = 10_000;

/** What a ticket opens: one resource on one route. */
export interface TicketPurpose {
  route: string;
  id: string;
}

interface Claims extends TicketPurpose {
  /** Milliseconds since 1970. */
  expires: number;
  nonce: string;
}

/**
 * Single-use passes for browsers, which can set no header on a WebSocket. A ticket is signed with a key that comes of
 * the gateway's token, so that any gateway with the same token takes it and none has to remember it before its use.
 * A process takes each ticket once.
 */
export class Tickets {
  readonly #key: Buffer;
  readonly #now: () => number;
  /** By nonce, in the order of their use. */
  readonly #used = new Map<string, { caller: string; forgetAt: number }>();
  readonly #usedBy = new Map<string, number>();

  /** `now` gives milliseconds since 1970. */
  constructor(token: string, now: () => number = Date.now) {
    this.#key = Buffer.from(hkdfSync('sha256', token, '', 'raywire tickets 1', 32));
    this.#now = now;
  }

  issue({ route, id }: TicketPurpose): { ticket: string; expires_in: number } {
    const nonce = randomBytes(16).toString('base64url');
    const claims: Claims = { route, id, expires: this.#now() + LIFETIME_MS, nonce };
    const text = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return { ticket: `${text}.${this.#sign(text).toString('base64url')}`, expires_in: LIFETIME_SECONDS };
  }

  /**
   * Whether the ticket opens this for the first time. A ticket that was signed here is used up either way.
   *
   * @throws {RequestRefused} 429, when this caller has used too many within a minute
   */
  redeem(ticket: string, purpose: TicketPurpose, caller: string): boolean {
    const claims = this.#verify(ticket);
    if (claims === undefined) return false;
    const now = this.#now();
    this.#forget(now);
    if (claims.expires <= now || claims.expires > now + LIFETIME_MS + CLOCK_SKEW_MS) return false;
    if (this.#used.has(claims.nonce)) return false;
    this.#remember(claims.nonce, caller, now);
    return claims.route === purpose.route && claims.id === purpose.id;
  }

  #verify(ticket: string): Claims | undefined {
    const [text = '', signature = '', ...more] = ticket.split('.');
    const given = Buffer.from(signature, 'base64url');
    const expected = this.#sign(text);
    if (more.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) {
      return undefined;
    }
    // Only a gateway with the same token can have written this.
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as Claims;
  }

  #sign(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }

  #remember(nonce: string, caller: string, now: number): void {
    const count = this.#usedBy.get(caller) ?? 0;
    if (count >= MAX_USED) {
      throw new RequestRefused(429, `${MAX_USED} tickets were used from this address within a minute`, {
        'retry-after': String(LIFETIME_SECONDS),
      });
    }
    this.#usedBy.set(caller, count + 1);
    this.#used.set(nonce, { caller, forgetAt: now + LIFETIME_MS + CLOCK_SKEW_MS });
  }

  #forget(now: number): void {
    for (const [nonce, { caller, forgetAt }] of this.#used) {
      if (forgetAt > now) break;
      this.#used.delete(nonce);
      const count = (this.#usedBy.get(caller) ?? 1) - 1;
      if (count > 0) this.#usedBy.set(caller, count);
      else this.#usedBy.delete(caller);
    }
  }
}
