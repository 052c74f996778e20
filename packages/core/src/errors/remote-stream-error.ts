import { ClientError } from './client-error.js';
import type { ErrorCodes } from './error-code.js';
import type { ErrorDetails } from './error-details.js';

/** The server ended a log stream with an `error` event of its own. */
export class RemoteStreamError extends ClientError {
  static override readonly brand: string = 'RemoteStreamError';

  declare readonly code: ErrorCodes['RemoteStreamError'];

  constructor(options: ErrorDetails<ErrorCodes['RemoteStreamError']>) {
    super({ code: 'REMOTE_STREAM_ERROR', statusCode: 500, ...options });
  }
}
