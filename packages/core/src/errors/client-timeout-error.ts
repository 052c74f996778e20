import { ClientError } from './client-error.js';
import type { ErrorDetails } from './error-details.js';

/** The connection (`CONNECT_TIMEOUT`), the answer (`READ_TIMEOUT`) or the whole call (`TIMEOUT`) took too long. */
export class ClientTimeoutError extends ClientError {
  static override readonly brand: string = 'ClientTimeoutError';

  declare readonly code: 'TIMEOUT' | 'CONNECT_TIMEOUT' | 'READ_TIMEOUT';

  constructor(options: ErrorDetails<ClientTimeoutError['code']>) {
    super({ code: 'TIMEOUT', statusCode: 408, ...options });
  }
}
