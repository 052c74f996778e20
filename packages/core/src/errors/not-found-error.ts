import type { ErrorCodes } from './error-code.js';
import type { ErrorDetails } from './error-details.js';
import { HTTPError } from './http-error.js';

/** 404: no such job, node, task, application or route. */
export class NotFoundError extends HTTPError {
  static override readonly brand: string = 'NotFoundError';

  declare readonly code: ErrorCodes['NotFoundError'];

  constructor(options: ErrorDetails<ErrorCodes['NotFoundError']>) {
    super({ code: 'NOT_FOUND', statusCode: 404, ...options });
  }
}
