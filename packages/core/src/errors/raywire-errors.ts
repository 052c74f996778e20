import type { AuthenticationError } from './authentication-error.js';
import type { AuthorizationError } from './authorization-error.js';
import type { BrowserTrafficBlockedError } from './browser-traffic-blocked-error.js';
import type { ClientConnectionError } from './client-connection-error.js';
import { ClientError } from './client-error.js';
import type { ClientTimeoutError } from './client-timeout-error.js';
import type { ConflictError } from './conflict-error.js';
import type { ErrorCodes } from './error-code.js';
import type { HTTPError } from './http-error.js';
import type { InvalidArgumentError } from './invalid-argument-error.js';
import type { JobFailedError } from './job-failed-error.js';
import type { NotFoundError } from './not-found-error.js';
import type { RateLimitError } from './rate-limit-error.js';
import type { RemoteStreamError } from './remote-stream-error.js';
import type { ServerError } from './server-error.js';
import type { StreamGapError } from './stream-gap-error.js';
import type { StreamInterruptedError } from './stream-interrupted-error.js';
import type { StreamLimitExceededError } from './stream-limit-exceeded-error.js';
import type { TransportUnavailableError } from './transport-unavailable-error.js';
import type { UnsupportedByServerError } from './unsupported-by-server-error.js';
import type { ValidationError } from './validation-error.js';

/** The classes without subclasses. */
type LeafError =
  | AuthenticationError
  | AuthorizationError
  | BrowserTrafficBlockedError
  | ClientConnectionError
  | ClientTimeoutError
  | ConflictError
  | InvalidArgumentError
  | JobFailedError
  | NotFoundError
  | RateLimitError
  | RemoteStreamError
  | ServerError
  | StreamGapError
  | StreamInterruptedError
  | StreamLimitExceededError
  | TransportUnavailableError
  | UnsupportedByServerError
  | ValidationError;

/**
 * Every error of Raywire. A `switch` over its `code` narrows it to the class that owns the code.
 *
 * @example
 * ```ts
 * import { AgentClient, isRaywireError } from '@raywire/agent';
 *
 * const client = new AgentClient({ baseURL: 'http://127.0.0.1:8899' });
 * const tail = client.tailJobLogs('raysubmit_abc123');
 * try {
 *   for await (const line of tail) console.log(line);
 * } catch (error) {
 *   if (!isRaywireError(error)) throw error;
 *   switch (error.code) {
 *     case 'STREAM_LIMIT_EXCEEDED':
 *       console.error(`more than ${error.max} (${error.limit})`);
 *       break;
 *     case 'STREAM_INTERRUPTED':
 *       console.error('resume with', error.cursor);
 *       break;
 *     default:
 *       throw error;
 *   }
 * }
 * ```
 */
export type RaywireError =
  | LeafError
  | (HTTPError & { readonly code: ErrorCodes['HTTPError'] })
  | (ClientError & { readonly code: ErrorCodes['ClientError'] });

/** Whether a value is an error of Raywire, also one of another copy of this package. */
export function isRaywireError(error: unknown): error is RaywireError {
  return ClientError.isInstance(error);
}
