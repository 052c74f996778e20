import { InvalidArgumentError } from '@raywire/core';
import { describeInput } from '@raywire/core/internal';

const MAX_LENGTH = 256;

/**
 * Checks an ID as Ray itself takes it: anything without control characters, at most 256 characters, but never `.`
 * or `..`, which a URL would take for folders.
 *
 * @param kind what it is, for the message: `job`, `node` …
 * @throws {InvalidArgumentError}
 */
export function validateRayId(kind: string, id: unknown): asserts id is string {
  const isText =
    typeof id === 'string' && id.length > 0 && id.length <= MAX_LENGTH && !/\p{Surrogate}/u.test(id);
  if (isText && id !== '.' && id !== '..' && !/[\u0000-\u001f\u007f-\u009f]/.test(id)) return;
  const what = kind === 'serve application' ? 'name of a Serve application' : `${kind} ID`;
  throw new InvalidArgumentError({
    message: `The ${what} must be a string of 1 to ${MAX_LENGTH} characters without control characters, and not "." or "..", but it is ${describeInput(id)}.`,
  });
}
