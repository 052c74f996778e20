import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** The one token of a gateway. */
export class BearerToken {
  readonly #key = randomBytes(32);
  readonly #expected: Buffer;

  constructor(token: string) {
    this.#expected = this.#digest(token);
  }

  /** Made when none is given: 256 bits, safe in headers and URLs. */
  static generate(): string {
    return randomBytes(32).toString('base64url');
  }

  /**
   * Whether an `Authorization` header is the token, bare or after `Bearer`. Digests under a random key are compared
   * in constant time, so neither the content nor the length of the token shows.
   */
  accepts(authorization: string | undefined): boolean {
    const given = (authorization ?? '').replace(/^bearer +/i, '');
    return timingSafeEqual(this.#digest(given), this.#expected);
  }

  #digest(token: string): Buffer {
    return createHmac('sha256', this.#key).update(token).digest();
  }
}
