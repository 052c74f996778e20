import { duration } from '@raywire/core/internal';

/**
 * Checks a duration in milliseconds: a finite number above 0, at most 300_000.
 *
 * @returns the value
 * @throws {InvalidArgumentError} naming the option, what was given and the remedy
 */
export function validateTimeout(value: unknown, name = 'timeoutMs'): number {
  return duration().check(value, name);
}
