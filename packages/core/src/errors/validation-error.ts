import type { ErrorDetails } from './error-details.js';
import { HTTPError } from './http-error.js';

/** 400 or 422: the server refused what was sent. */
export class ValidationError extends HTTPError {
  static override readonly brand: string = 'ValidationError';

  declare readonly code: 'VALIDATION_FAILED';

  constructor(options: ErrorDetails<ValidationError['code']>) {
    super({ code: 'VALIDATION_FAILED', statusCode: 400, ...options });
  }
}
