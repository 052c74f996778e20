import { ClientError } from './client-error.js';
import type { ErrorDetails } from './error-details.js';

/** No answer: refused, reset, not resolved, or lost. */
export class ClientConnectionError extends ClientError {
  static override readonly brand: string = 'ClientConnectionError';

  constructor(options: ErrorDetails) {
    super({ code: 'CONNECTION_FAILED', statusCode: 503, ...options });
  }
}
