import { ClientError } from './client-error.js';
import type { ErrorCodes } from './error-code.js';
import type { ErrorDetails } from './error-details.js';

/** A transport that is not installed, or whose library cannot be loaded; the message names the package. */
export class TransportUnavailableError extends ClientError {
  static override readonly brand: string = 'TransportUnavailableError';

  declare readonly code: ErrorCodes['TransportUnavailableError'];

  constructor(options: ErrorDetails<ErrorCodes['TransportUnavailableError']>) {
    super({ code: 'TRANSPORT_UNAVAILABLE', statusCode: 500, ...options });
  }
}
