import type { TailCursor } from '../contracts/tail-cursor.js';
import { ClientError } from './client-error.js';
import type { ErrorCodes } from './error-code.js';
import type { ErrorDetails } from './error-details.js';

/** The connection was lost and the retries are used up. It says nothing of the job, which may still run. */
export class StreamInterruptedError extends ClientError {
  static override readonly brand: string = 'StreamInterruptedError';

  declare readonly code: ErrorCodes['StreamInterruptedError'];

  /** Where to resume, for `{ cursor }`; `undefined` where no exact resume is possible. */
  readonly cursor: TailCursor | undefined;

  constructor(
    options: ErrorDetails<ErrorCodes['StreamInterruptedError']> & { cursor?: TailCursor | undefined },
  ) {
    super({ code: 'STREAM_INTERRUPTED', statusCode: 503, ...options });
    this.cursor = options.cursor;
  }
}
