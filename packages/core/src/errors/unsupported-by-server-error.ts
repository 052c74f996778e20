import { ClientError } from './client-error.js';
import type { ErrorDetails } from './error-details.js';

/** This server cannot do what was asked, and there is no other exact way. */
export class UnsupportedByServerError extends ClientError {
  static override readonly brand: string = 'UnsupportedByServerError';

  constructor(options: ErrorDetails) {
    super({ code: 'UNSUPPORTED_BY_SERVER', statusCode: 501, ...options });
  }
}
