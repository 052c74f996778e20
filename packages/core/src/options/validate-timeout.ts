import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { describeInput } from './describe-input.js';

const MAX_TIMEOUT_MS = 300_000;
/** Nobody means a time-out this short; whoever writes 30 means seconds. */
const LIKELY_SECONDS = 300;

/**
 * Checks a duration in milliseconds: a finite number above 0, at most 300_000.
 *
 * @returns the value
 * @throws {InvalidArgumentError} naming the option, what was given and the remedy
 */
export function validateTimeout(value: unknown, name = 'timeoutMs'): number {
  if (typeof value === 'number' && value > 0 && value <= MAX_TIMEOUT_MS) return value;
  throw new InvalidArgumentError({
    message: `${name} must be a number of milliseconds above 0 and at most ${MAX_TIMEOUT_MS}, but it is ${describeInput(value)}.${remedy(value, name)}`,
  });
}

function remedy(value: unknown, name: string): string {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (!(seconds > 0)) return '';
  const milliseconds = seconds < LIKELY_SECONDS ? seconds * 1000 : seconds;
  return ` Pass a number of milliseconds, such as ${name}: ${Math.min(milliseconds, MAX_TIMEOUT_MS)}.`;
}
