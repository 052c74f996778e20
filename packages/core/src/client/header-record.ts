import { describeInput, describeType } from '../options/describe-input.js';
import { checkedBy } from '../options/option-kinds.js';
import type { OptionKind } from '../options/option-table.js';
import { refuseOption } from '../options/read-options.js';
import { REDACTED } from '../redaction/redaction-patterns.js';
import type { Redactor } from '../redaction/redactor.js';

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const SENSITIVE = /authorization|cookie|token|ticket|secret|passw|key|credential|session/;

/** Headers, which come out with their names in lower case. @__NO_SIDE_EFFECTS__ */
export function headersOption(): OptionKind<Record<string, string>, undefined> {
  return checkedBy(checkHeaders);
}

/**
 * Headers with their names in lower case.
 *
 * @param place where they were given, for the message
 * @throws {InvalidArgumentError} for a name or value that HTTP cannot carry; the value is never repeated
 */
export function checkHeaders(headers: unknown, place: string): Record<string, string> {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers) || isHeaders(headers)) {
    refuseOption(`${place} must be a plain object of strings, but is ${describeType(headers)}.`);
  }
  const checked: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (!NAME.test(name)) {
      refuseOption(`${place} has a header name that HTTP does not allow: ${describeInput(name)}.`);
    }
    if (typeof value !== 'string' || /[^\t\u0020-\u007e\u0080-\u00ff]/.test(value)) {
      refuseOption(
        `${place}: the value of the header ${name} must be a string of Latin-1 characters without control characters.`,
      );
    }
    checked[name.toLowerCase()] = value;
  }
  return { ...checked };
}

/** Not by `instanceof`: in Node, whoever names `Headers` first loads all of `fetch`, which takes 25 ms. */
function isHeaders(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object Headers]';
}

/** Gives the redactor what is secret in headers: the values of names that say so, or of all of them. */
export function addHeaderSecrets(
  headers: Record<string, string>,
  redactor: Redactor,
  which: 'sensitive' | 'all',
): void {
  for (const [name, value] of Object.entries(headers)) {
    if (which === 'sensitive' && !isSensitive(name)) continue;
    for (const secret of secretsOf(name, value)) redactor.add(secret);
  }
}

/** Headers as a hook may see them. */
export function redactHeaders(headers: Record<string, string>, redactor: Redactor): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      isSensitive(name) ? REDACTED : redactor.redact(value),
    ]),
  );
}

function isSensitive(name: string): boolean {
  return SENSITIVE.test(name.toLowerCase());
}

function secretsOf(name: string, value: string): string[] {
  const secrets = [value];
  // `Bearer abc`, `Token abc`, `Basic dXNlcjpwYXNz`.
  const [, scheme, rest] = /^([A-Za-z][\w-]*)\s+(\S.*)$/.exec(value) ?? [];
  if (rest !== undefined) secrets.push(rest);
  if (scheme?.toLowerCase() === 'basic' && rest !== undefined) secrets.push(...basicCredentials(rest));
  if (name.toLowerCase().endsWith('cookie')) {
    for (const pair of value.split(';')) secrets.push(pair.slice(pair.indexOf('=') + 1).trim());
  }
  return secrets;
}

function basicCredentials(encoded: string): string[] {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded) || encoded.replace(/=+$/, '').length % 4 === 1) return [];
  const credentials = new TextDecoder().decode(Uint8Array.from(atob(encoded), (unit) => unit.charCodeAt(0)));
  const colon = credentials.indexOf(':');
  return colon < 0 ? [credentials] : [credentials, credentials.slice(colon + 1)];
}
