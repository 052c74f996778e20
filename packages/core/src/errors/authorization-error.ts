import type { ErrorDetails } from './error-details.js';
import { HTTPError } from './http-error.js';

/** 403: the token is known and may not do this. */
export class AuthorizationError extends HTTPError {
  static override readonly brand: string = 'AuthorizationError';

  declare readonly code: 'PERMISSION_DENIED';

  constructor(options: ErrorDetails<AuthorizationError['code']>) {
    super({ code: 'PERMISSION_DENIED', statusCode: 403, ...options });
  }
}
