import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { describeInput } from '../options/describe-input.js';

/**
 * Checks a base URL and gives it a trailing slash.
 *
 * @throws {InvalidArgumentError} naming the option to use instead; what may be secret is not repeated
 */
export function parseBaseURL(value: unknown): string {
  if (typeof value !== 'string' || value.trim() === '') {
    throw invalid(
      `baseURL must be a URL such as 'http://127.0.0.1:8899', but it is ${describeInput(value)}.`,
    );
  }
  if (/[\u0000-\u001f\u007f]/.test(value)) throw invalid('baseURL must not contain control characters.');
  // `new URL` quotes its input in its error, password and all.
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url !== undefined && (url.username !== '' || url.password !== '')) throw credentialsRefused();
  if (url === undefined || !/^https?:$/.test(url.protocol) || !/^\s*https?:\/\//i.test(value)) {
    if (value.includes('@')) throw credentialsRefused();
    throw invalid(
      `baseURL must begin with http:// or https:// and be a valid URL, but it is ${describeInput(value)}.`,
    );
  }
  if (url.search !== '') {
    throw invalid(
      'baseURL must not have a query: give secrets by the headers option, and parameters to each call.',
    );
  }
  if (url.hash !== '') throw invalid('baseURL must not have a fragment (#…): it is never sent to a server.');
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
): string {
  if (typeof path !== 'string') throw invalid(`path must be a string, but it is ${describeInput(path)}.`);
  if (/[\u0000-\u0020\u007f]/.test(path)) {
    throw invalid('path must be percent-encoded: it contains a space or a control character.');
  }
  if (!URL.canParse(path, baseURL)) throw invalid('path is no valid path or URL.');
  const url = new URL(path, baseURL);
  if (url.username !== '' || url.password !== '') throw invalid('path must not contain credentials.');
  if (url.origin !== new URL(baseURL).origin) {
    throw invalid(
      `path leads to ${url.origin === 'null' ? url.protocol : url.origin}, but credentials never leave ${new URL(baseURL).origin}. Make another client for another server.`,
    );
  }
  url.hash = '';
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) url.searchParams.append(name, queryText(name, value));
  }
  return url.href;
}

function queryText(name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return String(value);
  throw invalid(
    `The query value ${describeInput(name)} must be a string, a finite number or a boolean, but it is ${describeInput(value)}.`,
  );
}

function credentialsRefused(): InvalidArgumentError {
  return invalid(
    "baseURL must not contain credentials: give them by the client's token option, or by headers: { authorization: … }.",
  );
}

function invalid(message: string): InvalidArgumentError {
  return new InvalidArgumentError({ message });
}
