import type { TailCursor } from '../contracts/tail-cursor.js';
import { ClientError } from './client-error.js';
import type { ErrorCodes } from './error-code.js';
import type { ErrorDetails } from './error-details.js';

/** A stream limit was reached; the lines before it were delivered, and `cursor` goes on after them. */
export class StreamLimitExceededError extends ClientError {
  static override readonly brand: string = 'StreamLimitExceededError';

  declare readonly code: ErrorCodes['StreamLimitExceededError'];

  /** The option's name: `maxMessages`, `maxLines`, `maxBytes` or `maxMessageSize`. */
  readonly limit: string;
  /** Its value when it was passed: a count, or bytes. */
  readonly max: number;
  /** Where to resume, for `{ cursor }`. */
  readonly cursor: TailCursor | undefined;

  constructor(
    options: ErrorDetails<ErrorCodes['StreamLimitExceededError']> & {
      limit: string;
      max: number;
      cursor?: TailCursor | undefined;
    },
  ) {
    super({ code: 'STREAM_LIMIT_EXCEEDED', statusCode: 429, ...options });
    this.limit = options.limit;
    this.max = options.max;
    this.cursor = options.cursor;
  }
}
