import type { ErrorDetails } from './error-details.js';
import { HTTPError } from './http-error.js';

/** 401: the token is missing, wrong or expired. */
export class AuthenticationError extends HTTPError {
  static override readonly brand: string = 'AuthenticationError';

  constructor(options: ErrorDetails) {
    super({ code: 'AUTHENTICATION_FAILED', statusCode: 401, ...options });
  }
}
