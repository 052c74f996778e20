import { ConflictError, HTTPError } from '@raywire/core';

/**
 * Says what Ray means. "Taken" and "still running" come with a 400 or 500 and one traceback within another, whose last
 * line is a dot: 409, and the line that names the exception.
 *
 * @param conflict what a text says that means 409
 * @throws always
 */
export function throwRayError(error: unknown, conflict?: RegExp): never {
  if (!HTTPError.isInstance(error) || typeof error.detail !== 'string') throw error;
  const { statusCode, detail, code, requestId } = error;
  const reason = detail.includes('Traceback (most recent call last)') ? lastException(detail) : undefined;
  const message = reason === undefined ? error.message : `${beginningOf(error.message)}: ${reason}`;
  if ((statusCode === 400 || statusCode === 500) && conflict?.test(reason ?? detail)) {
    throw new ConflictError({ message, detail, requestId, cause: error });
  }
  if (reason === undefined) throw error;
  const Same = error.constructor as typeof HTTPError;
  throw new Same({ message, detail, requestId, code, statusCode, cause: error.cause });
}

function lastException(traceback: string): string | undefined {
  return traceback
    .split('\n')
    .findLast((line) => /^[\w.]*(?:Error|Exception|Exit)\b/.test(line))
    ?.slice(0, 500);
}

/** `POST /api/jobs/ was answered 500`. */
function beginningOf(message: string): string {
  return /^.*? was answered \d{3}/.exec(message)?.[0] ?? message;
}
