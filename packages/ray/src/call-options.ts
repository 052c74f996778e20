import type { CallOptions } from '@raywire/core';
import { CALL_OPTIONS, type CheckedOptions, readOptions } from '@raywire/core/internal';

/**
 * Checks the options of a REST method, so that nothing but them reaches the request.
 *
 * @throws {InvalidArgumentError} naming the option and the remedy
 */
export function checkCallOptions(
  options: CallOptions | undefined,
  method: string,
): CheckedOptions<typeof CALL_OPTIONS> {
  return readOptions(CALL_OPTIONS, options, method);
}
