import type { ErrorCodes } from './error-code.js';
import type { ErrorDetails } from './error-details.js';
import { HTTPError } from './http-error.js';

/** 400 or 422: the server refused what was sent. */
export class ValidationError extends HTTPError {
  static override readonly brand: string = 'ValidationError';

  declare readonly code: ErrorCodes['ValidationError'];

  constructor(options: ErrorDetails<ErrorCodes['ValidationError']>) {
    super({ code: 'VALIDATION_FAILED', statusCode: 400, ...options });
  }
}
