import { ClientError } from './client-error.js';
import type { ErrorCodes } from './error-code.js';
import type { ErrorDetails } from './error-details.js';

/** No answer: refused, reset, not resolved, or lost. */
export class ClientConnectionError extends ClientError {
  static override readonly brand: string = 'ClientConnectionError';

  declare readonly code: ErrorCodes['ClientConnectionError'];

  constructor(options: ErrorDetails<ErrorCodes['ClientConnectionError']>) {
    super({ code: 'CONNECTION_FAILED', statusCode: 503, ...options });
  }
}
