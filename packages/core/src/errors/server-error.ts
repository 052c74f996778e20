import type { ErrorCodes } from './error-code.js';
import type { ErrorDetails } from './error-details.js';
import { HTTPError } from './http-error.js';

/** 5xx, or an answer that is not of this protocol (`UNEXPECTED_RESPONSE`, `RESPONSE_TOO_LARGE`, 502). */
export class ServerError extends HTTPError {
  static override readonly brand: string = 'ServerError';

  declare readonly code: ErrorCodes['ServerError'];

  constructor(options: ErrorDetails<ErrorCodes['ServerError']>) {
    super({ code: 'SERVER_ERROR', statusCode: 500, ...options });
  }
}
