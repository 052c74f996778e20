import { REDACTED } from './redaction-patterns.js';

/** A shorter form of a secret is a part of ordinary words too. */
const MIN_EMBEDDED_LENGTH = 6;
/** A letter before is part of the same word, unless it ends an escape (`%20`, `\n`). */
const BEFORE_WORD = /(?<!(?<!%[\dA-Fa-f]|\\)\w)/.source;
const AFTER_WORD = /(?!\w)/.source;
/** What a punctuation mark that is a value of its own stands between. */
const BEFORE_MARK = /(?<![^\s"'`=:,;&?#|(<{[])/.source;
const AFTER_MARK = /(?![^\s"'`=:,;&?#|)>}\].!])/.source;

/**
 * What finds secrets: in a text all of them, those shorter than 6 characters where they are words of their own; in a
 * name (a key, the frames of a stack) only longer ones, as a short one is a coincidence there.
 *
 * @param secrets the forms of each
 */
export function secretPatterns(secrets: Iterable<Iterable<string>>): Record<'text' | 'name', RegExp> {
  const forms = new Set<string>();
  for (const secret of secrets) for (const form of secret) forms.add(form);
  // The longest first, so that a secret that begins another leaves no rest of it.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  const long = ordered.filter((form) => form.length >= MIN_EMBEDDED_LENGTH).map(escapeForRegExp);
  const short = ordered.slice(long.length).map(asWord);
  return { text: anyOf([...long, ...short]), name: anyOf(long) };
}

function anyOf(alternatives: readonly string[]): RegExp {
  // The mark itself comes first, so that what is redacted already stays as it is.
  return new RegExp([escapeForRegExp(REDACTED), ...alternatives].join('|'), 'g');
}

function asWord(form: string): string {
  const pattern = escapeForRegExp(form);
  // The apostrophe of `can't` is inside a word, that of `b't'` is a quote.
  const before = /^\w/.test(form) ? `${BEFORE_WORD}(?<!\\w'(?=${pattern}(?!')))` : BEFORE_MARK;
  return before + pattern + (/\w$/.test(form) ? AFTER_WORD : AFTER_MARK);
}

function escapeForRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
