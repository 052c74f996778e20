import {
  AuthenticationError,
  AuthorizationError,
  ConflictError,
  HTTPError,
  NotFoundError,
  RateLimitError,
  ServerError,
  ValidationError,
} from '@raywire/core';
/** Placeholder until core's mapping stands. */
export function httpErrorOf(response: {
  status: number;
  headers: Record<string, string>;
  body: string;
  url: string;
}): HTTPError {
  const retryAfter = Number(response.headers['retry-after']);
  const options = {
    message: `The server answered ${response.status}.`,
    statusCode: response.status,
    detail: response.body,
    retryAfterMs: Number.isFinite(retryAfter) ? retryAfter * 1000 : undefined,
  };
  switch (response.status) {
    case 400:
    case 422:
      return new ValidationError(options);
    case 401:
      return new AuthenticationError(options);
    case 403:
      return new AuthorizationError(options);
    case 404:
      return new NotFoundError(options);
    case 409:
      return new ConflictError(options);
    case 429:
      return new RateLimitError(options);
  }
  if (response.status >= 500) return new ServerError(options);
  if (response.status < 400)
    return new ServerError({ ...options, statusCode: 502, code: 'UNEXPECTED_RESPONSE' });
  return new HTTPError(options);
}
