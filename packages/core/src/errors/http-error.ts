import { ClientError } from './client-error.js';
import type { ErrorCode } from './error-code.js';
import type { ErrorDetails } from './error-details.js';

/** The server answered with a status that is not success. Its subclasses say which. */
export class HTTPError extends ClientError {
  static override readonly brand: string = 'HTTPError';

  declare readonly statusCode: number;

  constructor(options: ErrorDetails<ErrorCode>) {
    super({ code: 'HTTP_ERROR', statusCode: 500, ...options });
  }
}
