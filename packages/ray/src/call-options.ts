import type { CallOptions } from '@raywire/core';
import { assertKnownOptions } from '@raywire/core/internal';
import { validateTimeout } from '@raywire/network';

const CALL_OPTIONS = ['signal', 'headers', 'timeoutMs', 'maxRetries'];

/**
 * Checks the options of a REST method, so that nothing but them reaches the request.
 *
 * @throws {InvalidArgumentError} naming the option and the remedy
 */
export function checkCallOptions(options: CallOptions | undefined, method: string): CallOptions {
  const given = checkOptions(options, CALL_OPTIONS, method);
  if (given.timeoutMs !== undefined) validateTimeout(given.timeoutMs);
  return given;
}

/**
 * @param known `undefined`: the names are checked elsewhere
 * @throws {InvalidArgumentError} naming the option and the remedy
 */
export function checkOptions<T extends object>(
  options: T | undefined,
  known: readonly string[] | undefined,
  method: string,
): T {
  assertKnownOptions(options, known ?? Object.keys(Object(options)), method);
  return options ?? ({} as T);
}

/** The options of a REST call and of `method` itself. */
export const withCallOptions = (own: readonly string[]): string[] => [...CALL_OPTIONS, ...own];
