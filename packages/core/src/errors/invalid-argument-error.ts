import { ClientError } from './client-error.js';
import type { ErrorDetails } from './error-details.js';

/** A bad ID, time-out, protocol or option; thrown before anything is sent. */
export class InvalidArgumentError extends ClientError {
  static override readonly brand: string = 'InvalidArgumentError';

  constructor(options: ErrorDetails) {
    super({ code: 'INVALID_ARGUMENT', statusCode: 400, ...options });
  }
}
