import { ClientConnectionError } from '../errors/client-connection-error.js';
import { ClientError } from '../errors/client-error.js';

/**
 * What a requester throws, as one of ours.
 *
 * @param what the call: its method and path
 */
export function asClientError(error: unknown, what: string): unknown {
  if (ClientError.isInstance(error)) return error;
  return new ClientConnectionError({
    message: `${what} failed: its requester gave no answer.`,
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
