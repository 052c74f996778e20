import { InvalidArgumentError } from '@raywire/core';
import { readEnvironment } from '#ray-environment';

/**
 * The extra headers that Ray's own clients take from `RAY_JOB_HEADERS`, under those of the caller.
 *
 * @throws {InvalidArgumentError} when the variable is not a JSON object of strings
 */
export function withRayJobHeaders(headers: Record<string, string> | undefined): Record<string, string> {
  const text = readEnvironment('RAY_JOB_HEADERS');
  if (text === undefined) return headers ?? {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The value may hold a secret, and a parser's error quotes it: only the name is told.
    parsed = undefined;
  }
  const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  if (!isObject || !Object.values(parsed as object).every((value) => typeof value === 'string')) {
    throw new InvalidArgumentError({
      message:
        'The environment variable RAY_JOB_HEADERS must be a JSON object of strings, for example {"x-team": "a"}.',
    });
  }
  const lower = (record: Record<string, string>): [string, string][] =>
    Object.entries(record).map(([name, value]) => [name.toLowerCase(), value]);
  return Object.fromEntries([...lower(parsed as Record<string, string>), ...lower(headers ?? {})]);
}
