import { REDACTED, redactPatterns } from './redaction-patterns.js';
import { sanitizeError } from './sanitize-error.js';
import { secretForms } from './secret-forms.js';

/** A token function may give a new token each time: only so many are remembered, the last used ones. */
const MAX_SECRETS = 256;

/** Holds the secrets of one client, and takes them out of whatever a user may print. */
export class Redactor {
  // By the secret itself, its forms; the last used comes last.
  readonly #secrets = new Map<string, ReadonlySet<string>>();
  #pattern: RegExp | undefined;

  /**
   * Remembers a secret in the forms it may come back in: as it is, percent-encoded, JSON- or HTML-escaped, base64.
   * An empty one is none. The last 256 are kept.
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
    this.#pattern = undefined;
  }

  /** The text with every secret, URL credential and secret query value replaced by `[redacted]`. */
  redact(text: string): string {
    const known = this.#secrets.size === 0 ? text : this.#redactKnown(text);
    return redactPatterns(known);
  }

  /**
   * An error that is safe to print: ours is cleaned in place, a foreign one is rebuilt (name, message, code, stack)
   * with its causes. What is no error is cleaned as a value.
   */
  sanitize<E>(error: E): E {
    return sanitizeError(error, (text) => this.redact(text)) as E;
  }

  #redactKnown(text: string): string {
    this.#pattern ??= patternOf(this.#secrets.values());
    return text.replaceAll(this.#pattern, REDACTED);
  }
}

function patternOf(secrets: Iterable<ReadonlySet<string>>): RegExp {
  const forms = new Set<string>();
  for (const secret of secrets) for (const form of secret) forms.add(form);
  // The longest first, so that a secret that begins another leaves no rest of it. The mark itself comes before all,
  // so that what is redacted already stays as it is.
  const alternatives = [...forms].sort((a, b) => b.length - a.length).map((form) => escapeForRegExp(form));
  return new RegExp([escapeForRegExp(REDACTED), ...alternatives].join('|'), 'g');
}

function escapeForRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
