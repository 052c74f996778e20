import { InvalidArgumentError } from '@raywire/core';
import { describeInput } from '@raywire/core/internal';

/**
 * Checks the name of a Serve application: free text, which the caller percent-encodes for a path.
 *
 * @returns the name
 * @throws {InvalidArgumentError} when it is empty, `.`, `..`, has control characters or is no well-formed string
 */
export function validateApplicationName(name: unknown): string {
  if (typeof name === 'string' && isAllowed(name)) return name;
  throw new InvalidArgumentError({
    message: `The application name must be a string that is not empty, "." or ".." and has no control characters, but it is ${describeInput(name)}.`,
  });
}

function isAllowed(name: string): boolean {
  if (name === '' || name === '.' || name === '..') return false;
  // A lone surrogate cannot be percent-encoded.
  return !/[\u0000-\u001f\u007f-\u009f]|\p{Surrogate}/u.test(name);
}
