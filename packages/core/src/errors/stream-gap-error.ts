import type { TailCursor } from '../contracts/tail-cursor.js';
import { ClientError } from './client-error.js';
import type { ErrorCodes } from './error-code.js';
import type { ErrorDetails } from './error-details.js';

/** The log no longer holds what was already delivered: it was rotated, truncated or replaced. */
export class StreamGapError extends ClientError {
  static override readonly brand: string = 'StreamGapError';

  declare readonly code: ErrorCodes['StreamGapError'];

  /** The position that the log no longer has; `undefined` where none is known. */
  readonly cursor: TailCursor | undefined;

  constructor(options: ErrorDetails<ErrorCodes['StreamGapError']> & { cursor?: TailCursor | undefined }) {
    super({ code: 'STREAM_GAP', statusCode: 503, ...options });
    this.cursor = options.cursor;
  }
}
