import { ClientError } from './client-error.js';
import type { ErrorCodes } from './error-code.js';
import type { ErrorDetails } from './error-details.js';

/** The connection (`CONNECT_TIMEOUT`), the answer (`READ_TIMEOUT`) or the whole call (`TIMEOUT`) took too long. */
export class ClientTimeoutError extends ClientError {
  static override readonly brand: string = 'ClientTimeoutError';

  declare readonly code: ErrorCodes['ClientTimeoutError'];

  constructor(options: ErrorDetails<ErrorCodes['ClientTimeoutError']>) {
    super({ code: 'TIMEOUT', statusCode: 408, ...options });
  }
}
