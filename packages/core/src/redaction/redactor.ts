import { REDACTED, redactPatterns } from './redaction-patterns.js';
import { sanitizeError } from './sanitize-error.js';
import { secretForms } from './secret-forms.js';
import { secretPatterns } from './secret-patterns.js';

/** A token function may give a new token each time: only so many are remembered, the last used ones. */
const MAX_SECRETS = 256;
/** A shorter beginning of a secret is a part of ordinary words too. */
const MIN_CUT_LENGTH = 4;

/** Holds the secrets of one client, and takes them out of whatever a user may print. */
export class Redactor {
  // By the secret itself, its forms; the last used comes last.
  readonly #secrets = new Map<string, ReadonlySet<string>>();
  #patterns: ReturnType<typeof secretPatterns> | undefined;

  /**
   * Remembers a secret in the forms it may come back in: as it is, percent-encoded, JSON- or HTML-escaped, base64.
   * A form of 6 characters and more is found anywhere, a shorter one where it is a word of its own. An empty secret is
   * ignored. The last 256 are kept.
   */
  add(secret: string): void {
    if (secret.trim() === '') return;
    const known = this.#secrets.get(secret);
    if (known !== undefined) {
      this.#secrets.delete(secret);
      this.#secrets.set(secret, known);
      return;
    }
    this.#secrets.set(secret, secretForms(secret));
    for (const oldest of this.#secrets.keys()) {
      if (this.#secrets.size <= MAX_SECRETS) break;
      this.#secrets.delete(oldest);
    }
    this.#patterns = undefined;
  }

  /** The text with every secret, URL credential and secret query value replaced by `[redacted]`. */
  redact(text: string): string {
    return this.#redact(text, 'text');
  }

  /**
   * An error that is safe to print. Ours is cleaned in place: its message, stack, causes and fields, except its `code`
   * and other constants. Any other is rebuilt (name, message, code, stack) with its causes. A value that is not an error
   * is returned without secrets: itself where there are none in it, else a copy as plain data.
   */
  sanitize<E>(error: E): E {
    return sanitizeError(error, {
      text: (text) => this.#redact(text, 'text'),
      name: (name) => this.#redact(name, 'name'),
    }) as E;
  }

  #redact(text: string, as: 'text' | 'name'): string {
    this.#patterns ??= secretPatterns(this.#secrets.values());
    return redactPatterns(this.#redactCut(text.replaceAll(this.#patterns[as], REDACTED)));
  }

  /** Where a text was cut off, the beginning of a secret may be left: `abcdef…`. */
  #redactCut(text: string): string {
    if (!text.includes('…')) return text;
    const [first = '', ...parts] = text.split('…').reverse();
    const redacted = parts.map((part) => {
      for (const form of [...this.#secrets.values()].flatMap((forms) => [...forms])) {
        for (let length = form.length - 1; length >= MIN_CUT_LENGTH; length -= 1)
          if (part.endsWith(form.slice(0, length))) return part.slice(0, -length) + REDACTED;
      }
      return part;
    });
    return [first, ...redacted].reverse().join('…');
  }
}
