import type { ErrorCodes } from './error-code.js';
import type { ErrorDetails } from './error-details.js';
import { HTTPError } from './http-error.js';

/** 429: the server asks for fewer requests; `retryAfterMs` says for how long, where it does. */
export class RateLimitError extends HTTPError {
  static override readonly brand: string = 'RateLimitError';

  declare readonly code: ErrorCodes['RateLimitError'];

  constructor(options: ErrorDetails<ErrorCodes['RateLimitError']>) {
    super({ code: 'RATE_LIMITED', statusCode: 429, ...options });
  }
}
