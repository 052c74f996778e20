import type { ErrorCodes } from './error-code.js';
import type { ErrorDetails } from './error-details.js';
import { HTTPError } from './http-error.js';

/** 409: the ID is taken, or the resource is in a state that forbids it. */
export class ConflictError extends HTTPError {
  static override readonly brand: string = 'ConflictError';

  declare readonly code: ErrorCodes['ConflictError'];

  constructor(options: ErrorDetails<ErrorCodes['ConflictError']>) {
    super({ code: 'CONFLICT', statusCode: 409, ...options });
  }
}
