import { describeInput } from '../options/describe-input.js';
import { checkedBy, required } from '../options/option-kinds.js';
import type { OptionKind } from '../options/option-table.js';
import { refuseOption } from '../options/read-options.js';

/** The URL of a server, which comes out with a trailing slash. @__NO_SIDE_EFFECTS__ */
export function baseURLOption(): OptionKind<string, string> {
  return required(checkedBy(parseBaseURL));
}

/**
 * Checks a base URL and gives it a trailing slash.
 *
 * @param place where it was given, for the message
 * @throws {InvalidArgumentError} naming the option to use instead; what may be secret is not repeated
 */
export function parseBaseURL(value: unknown, place: string): string {
  const text = typeof value === 'string' ? value : '';
  if (/[\u0000-\u001f\u007f]/.test(text)) refuseOption(`${place} must not contain control characters.`);
  // `new URL` quotes its input in its error, password and all.
  const url = /^\s*https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined ? text.includes('@') : hasCredentials(url)) {
    refuseOption(
      `${place} must not contain credentials: pass them in the client's token option, or in headers: { authorization: … }.`,
    );
  }
  if (url === undefined)
    refuseOption(
      `${place} must be a valid URL that begins with http:// or https://, such as 'http://127.0.0.1:8899', but is ${describeInput(value)}.`,
    );
  if (url.search !== '')
    refuseOption(`${place} must not have a query: pass secrets in headers, parameters to each call.`);
  if (url.hash !== '') refuseOption(`${place} must not have a fragment (#…): it is never sent to a server.`);
  return `${url.origin}${url.pathname.replace(/\/*$/, '')}/`;
}

/**
 * The absolute URL of a path.
 *
 * @param path relative to the base URL; one that begins with `/` is relative to its origin; or absolute
 * @throws {InvalidArgumentError} when it would leave the origin, has credentials or control characters
 */
export function resolveURL(
  baseURL: string,
  path: unknown,
  query?: Record<string, string | number | boolean | undefined>,
): URL {
  if (typeof path !== 'string') refuseOption(`path must be a string, but is ${describeInput(path)}.`);
  if (/[\u0000-\u0020\u007f]/.test(path)) {
    refuseOption('path must be percent-encoded: it contains a space or a control character.');
  }
  if (!URL.canParse(path, baseURL)) refuseOption('path is not a valid path or URL.');
  const url = new URL(path, baseURL);
  if (hasCredentials(url)) refuseOption('path must not contain credentials.');
  const { origin } = new URL(baseURL);
  if (url.origin !== origin) {
    refuseOption(
      `path leads to ${url.origin === 'null' ? url.protocol : url.origin}, but credentials never leave ${origin}. Make another client for another server.`,
    );
  }
  url.hash = '';
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) url.searchParams.append(name, queryText(name, value));
  }
  return url;
}

function queryText(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return String(value);
  refuseOption(
    `The query value ${describeInput(name)} must be a string, a finite number or a boolean, but is ${describeInput(value)}.`,
  );
}

function hasCredentials({ username, password }: URL): boolean {
  return username !== '' || password !== '';
}
