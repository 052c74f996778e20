import { ClientConnectionError } from '../errors/client-connection-error.js';
import { ClientError } from '../errors/client-error.js';
import type { Call } from './call-scope.js';

/**
 * The error of a call whose requester failed: what it threw, as a `ClientError`.
 *
 * @throws the reason of the call's end as it is, where the requester failed because of that
 */
export function requesterFailure(error: unknown, call: Call): unknown {
  call.scope.signal.throwIfAborted();
  if (ClientError.isInstance(error)) return error;
  return new ClientConnectionError({
    message: `${call.what} failed: its requester gave no answer.`,
    cause: error,
  });
}

/** What calls in flight and later ones end with once the client is closed. */
export function clientClosed(): ClientError {
  return new ClientError({
    code: 'CLIENT_CLOSED',
    statusCode: 503,
    message: 'This client is closed: make a new one.',
  });
}
