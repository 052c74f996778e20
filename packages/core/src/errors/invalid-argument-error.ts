import { ClientError } from './client-error.js';
import type { ErrorCodes } from './error-code.js';
import type { ErrorDetails } from './error-details.js';

/** A bad ID, time-out, protocol or option; thrown before anything is sent. */
export class InvalidArgumentError extends ClientError {
  static override readonly brand: string = 'InvalidArgumentError';

  declare readonly code: ErrorCodes['InvalidArgumentError'];

  constructor(options: ErrorDetails<ErrorCodes['InvalidArgumentError']>) {
    super({ code: 'INVALID_ARGUMENT', statusCode: 400, ...options });
  }
}
