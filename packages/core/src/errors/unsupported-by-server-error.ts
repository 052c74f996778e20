import { ClientError } from './client-error.js';
import type { ErrorCodes } from './error-code.js';
import type { ErrorDetails } from './error-details.js';

/** This server cannot do what was asked, and there is no other exact way. */
export class UnsupportedByServerError extends ClientError {
  static override readonly brand: string = 'UnsupportedByServerError';

  declare readonly code: ErrorCodes['UnsupportedByServerError'];

  constructor(options: ErrorDetails<ErrorCodes['UnsupportedByServerError']>) {
    super({ code: 'UNSUPPORTED_BY_SERVER', statusCode: 501, ...options });
  }
}
