import type { ErrorCodes } from './error-code.js';
import type { ErrorDetails } from './error-details.js';
import { HTTPError } from './http-error.js';

/** 403: the token is known and may not do this. */
export class AuthorizationError extends HTTPError {
  static override readonly brand: string = 'AuthorizationError';

  declare readonly code: ErrorCodes['AuthorizationError'];

  constructor(options: ErrorDetails<ErrorCodes['AuthorizationError']>) {
    super({ code: 'PERMISSION_DENIED', statusCode: 403, ...options });
  }
}
