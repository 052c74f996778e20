import { Redactor } from '@raywire/core';

const MAX_LENGTH = 500;
/** What is cut off anyway need not be searched; a secret that begins before the cut is still seen whole. */
const MAX_SEARCHED = 16 * 1024;

/**
 * Makes a message safe to show without knowing the secrets: the values of `Authorization`, `Bearer`, `Token` and
 * `Basic`, credentials in URLs and secret query values become `[redacted]`; control characters go; at most
 * 500 characters stay.
 *
 * @param message text, or anything that was thrown
 */
export function sanitizeErrorMessage(message: unknown): string {
  const text = textOf(message)
    .slice(0, MAX_SEARCHED)
    .replaceAll(/[\u0000-\u0020\u007f-\u009f]+/g, ' ')
    .trim();
  const redacted = redactSchemes(new Redactor().redact(text));
  return redacted.length > MAX_LENGTH ? `${redacted.slice(0, MAX_LENGTH)}…` : redacted;
}

function redactSchemes(text: string): string {
  return text
    .replaceAll(/\b(bearer|basic|digest|token)(\s+)(?!\[redacted\])[\w.~+/=:-]{4,}/gi, '$1$2[redacted]')
    .replaceAll(
      /((?:authorization|cookie|[\w-]*(?:token|secret|password|api[-_]?key))["']?\s*:\s*["']?)(?:(bearer|basic|digest|token)\s+)?(?!\[redacted\])[^\s"',;]+/gi,
      (_match, name: string, scheme: string | undefined) =>
        `${name}${scheme === undefined ? '' : `${scheme} `}[redacted]`,
    );
}

function textOf(message: unknown): string {
  if (typeof message === 'string') return message;
  if (message instanceof Error) return `${message.name}: ${message.message}`;
  if (typeof message === 'object' && message !== null) {
    const { message: inner } = message as { message?: unknown };
    return typeof inner === 'string' ? inner : 'an error without a message';
  }
  return String(message);
}
