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
  if (typeof value !== 'string' || value.trim() === '')
    refuseOption(`${place} must be a URL such as 'http://127.0.0.1:8899', but is ${describeInput(value)}.`);
  if (/[\u0000-\u001f\u007f]/.test(value)) refuseOption(`${place} must not contain control characters.`);
  // `new URL` quotes its input in its error, password and all.
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url !== undefined && (url.username !== '' || url.password !== '')) refuseCredentials(place);
  if (url === undefined || !/^https?:$/.test(url.protocol) || !/^\s*https?:\/\//i.test(value)) {
    if (value.includes('@')) refuseCredentials(place);
    refuseOption(
      `${place} must begin with http:// or https:// and be a valid URL, but is ${describeInput(value)}.`,
    );
  }
  if (url.search !== '') {
    refuseOption(
      `${place} must not have a query: pass secrets in the headers option, and parameters to each call.`,
    );
  }
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
  if (url.username !== '' || url.password !== '') refuseOption('path must not contain credentials.');
  if (url.origin !== new URL(baseURL).origin) {
    refuseOption(
      `path leads to ${url.origin === 'null' ? url.protocol : url.origin}, but credentials never leave ${new URL(baseURL).origin}. Make another client for another server.`,
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

function refuseCredentials(place: string): never {
  refuseOption(
    `${place} must not contain credentials: pass them in the client's token option, or in headers: { authorization: … }.`,
  );
}
