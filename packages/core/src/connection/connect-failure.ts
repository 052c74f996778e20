import { connectReason } from '#connect-reason';
import { ClientConnectionError } from '../errors/client-connection-error.js';
import { ClientTimeoutError } from '../errors/client-timeout-error.js';
import { Redactor } from '../redaction/redactor.js';

const NO_REASON =
  'the runtime gives no reason. The server may be down or refuse, or CORS, mixed content or a blocked port is in the way.';

/**
 * The error of a server that could not be connected to, or did not answer. It names the origin, the runtime's code
 * and the remedy.
 *
 * @param cause what the runtime reports; it is redacted, since some runtimes quote the URL
 */
export function connectFailure(url: string, cause?: unknown): ClientConnectionError | ClientTimeoutError {
  const { code, meaning = NO_REASON, isTimeout = false } = connectReason(cause);
  const details = {
    message: `${originOf(url)} cannot be reached${code === undefined ? '' : ` (${code})`}: ${meaning}`,
    cause: new Redactor().sanitize(cause),
  };
  return isTimeout
    ? new ClientTimeoutError({ code: 'CONNECT_TIMEOUT', ...details })
    : new ClientConnectionError(details);
}

/** Scheme, host and port, as a message may show them: the rest of a URL may hold secrets. */
export function originOf(url: string): string {
  if (!URL.canParse(url)) return 'The server';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
