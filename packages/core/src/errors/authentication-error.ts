import type { ErrorCodes } from './error-code.js';
import type { ErrorDetails } from './error-details.js';
import { HTTPError } from './http-error.js';

/** 401: the token is missing, wrong or expired. */
export class AuthenticationError extends HTTPError {
  static override readonly brand: string = 'AuthenticationError';

  declare readonly code: ErrorCodes['AuthenticationError'];

  constructor(options: ErrorDetails<ErrorCodes['AuthenticationError']>) {
    super({ code: 'AUTHENTICATION_FAILED', statusCode: 401, ...options });
  }
}
