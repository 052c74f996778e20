import { ConflictError, HTTPError } from '@raywire/core';

/** Ray says "taken" and "still running" with a 400 or 500 and a traceback: what is meant is 409. @throws always */
export function throwConflict(error: unknown, says: RegExp): never {
  if (HTTPError.isInstance(error) && (error.statusCode === 400 || error.statusCode === 500)) {
    const { message, detail, requestId } = error;
    if (says.test(message)) throw new ConflictError({ message, detail, requestId, cause: error });
  }
  throw error;
}
