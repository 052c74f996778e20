import { ClientError } from './client-error.js';
import type { ErrorDetails } from './error-details.js';

/** A bad ID, time-out, protocol or option; thrown before anything is sent. */
export class InvalidArgumentError extends ClientError {
  static override readonly brand: string = 'InvalidArgumentError';

  declare readonly code:
    | 'INVALID_ARGUMENT'
    | 'INVALID_CURSOR'
    | 'TAIL_CONSUMED'
    | 'RAY_CLIENT_ADDRESS'
    | 'TOKEN_UNREADABLE'
    | 'WORKING_DIRECTORY_TOO_LARGE';

  constructor(options: ErrorDetails<InvalidArgumentError['code']>) {
    super({ code: 'INVALID_ARGUMENT', statusCode: 400, ...options });
  }
}
