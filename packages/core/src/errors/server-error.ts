import type { ErrorDetails } from './error-details.js';
import { HTTPError } from './http-error.js';

/** 5xx, or an answer that is not of this protocol (`UNEXPECTED_RESPONSE`, `RESPONSE_TOO_LARGE`, 502). */
export class ServerError extends HTTPError {
  static override readonly brand: string = 'ServerError';

  declare readonly code:
    | 'SERVER_ERROR'
    | 'SERVE_DELETE_FAILED'
    | 'UNEXPECTED_RESPONSE'
    | 'RESPONSE_TOO_LARGE'
    | 'REDIRECT_REFUSED';

  constructor(options: ErrorDetails<ServerError['code']>) {
    super({ code: 'SERVER_ERROR', statusCode: 500, ...options });
  }
}
