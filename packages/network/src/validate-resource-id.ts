import { InvalidArgumentError } from '@raywire/core';
import { describeInput } from '@raywire/core/internal';

const MAX_LENGTH = 100;

/**
 * Checks a job, node or task ID by the rules of the agent protocol, before it goes into a path.
 *
 * @param kind what it is, for the message: `'job'`, `'node'`, `'task'`
 * @returns the ID
 * @throws {InvalidArgumentError} unless it has 1 to 100 letters, digits, `_` and `-`
 */
export function validateResourceId(id: unknown, kind = 'resource'): string {
  // `$` alone would let a newline at the end pass in other languages; here it does not, and the test says so.
  if (typeof id === 'string' && id.length <= MAX_LENGTH && /^[a-zA-Z0-9_-]+$/.test(id)) return id;
  throw new InvalidArgumentError({
    message: `The ${kind} ID must be a string of 1 to ${MAX_LENGTH} letters, digits, "_" and "-", but it is ${describeInput(id)}.`,
  });
}
