import { ClientConnectionError } from '../errors/client-connection-error.js';
import { ClientTimeoutError } from '../errors/client-timeout-error.js';
import { Redactor } from '../redaction/redactor.js';

const MAX_DEPTH = 8;

/** What the codes of Node, undici, Bun and Deno mean, and the remedy. The first row that matches counts. */
const CONNECT_FAILURES: readonly { codes: RegExp; meaning: string; isTimeout?: true }[] = [
  {
    codes: /^(?:ECONNREFUSED|ConnectionRefused)$/,
    meaning: 'nothing listens there. Is the server up, and the port right?',
  },
  {
    codes: /^(?:ENOTFOUND|EAI_AGAIN|EAI_NONAME)$/,
    meaning: 'the host name cannot be resolved. Is it spelled right?',
  },
  {
    codes: /^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/,
    meaning: 'there is no route to the host. Is this machine in the right network?',
  },
  {
    codes: /^(?:ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/,
    meaning: 'it did not answer in time. Is the server up, and does a firewall let the connection through?',
    isTimeout: true,
  },
  {
    codes: /^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET|ConnectionClosed)$/,
    meaning: 'the connection was closed before the answer.',
  },
  {
    codes: /CERT|SELF_SIGNED|LEAF_SIGNATURE|^UNABLE_TO_(?:VERIFY|GET)/,
    meaning:
      'its TLS certificate is not trusted by this client. Pass the certificate of its authority, tls: { ca }, or where fetch sends the requests name its file in NODE_EXTRA_CA_CERTS.',
  },
  {
    codes: /^(?:ERR_SSL_|EPROTO)/,
    meaning: 'it does not speak TLS there. Is the scheme http: or ws: rather than https: or wss:?',
  },
  { codes: /^(?:HPE_|HTTPParserError)/, meaning: 'what it sent is not HTTP.' },
  { codes: /^UND_ERR_(?:DESTROYED|CLOSED)$/, meaning: 'its requester was closed.' },
];

/**
 * The error of a server that could not be connected to, or did not answer. It names the origin, the runtime's code
 * and the remedy.
 *
 * @param cause what the runtime reports; it is redacted, since some runtimes quote the URL
 */
export function connectFailure(url: string, cause?: unknown): ClientConnectionError | ClientTimeoutError {
  const code = codeOf(cause);
  const known = CONNECT_FAILURES.find(({ codes }) => code !== undefined && codes.test(code));
  const details = {
    message: `${originOf(url)} cannot be reached${code === undefined ? '' : ` (${code})`}: ${known?.meaning ?? unknownMeaning(code)}`,
    cause: new Redactor().sanitize(cause),
  };
  return known?.isTimeout
    ? new ClientTimeoutError({ code: 'CONNECT_TIMEOUT', ...details })
    : new ClientConnectionError(details);
}

/** Scheme, host and port, as a message may show them: the rest of a URL may hold secrets. */
export function originOf(url: string): string {
  if (!URL.canParse(url)) return 'The server';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

function unknownMeaning(code: string | undefined): string {
  return code === undefined
    ? 'the runtime gives no reason. The server may be down or refuse, or CORS, mixed content or a blocked port is in the way.'
    : 'is the URL right, and is the server up?';
}

/** The first system or library code among an error and its causes: `fetch failed` alone says nothing. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > MAX_DEPTH) return undefined;
  const { name, code, cause, errors } = error as Record<'name' | 'code' | 'cause' | 'errors', unknown>;
  if (typeof code === 'string' && code !== '') return code;
  // undici leaves the code of some of these empty.
  if (name === 'HTTPParserError') return name;
  const inner = Array.isArray(errors) ? [cause, ...errors] : [cause];
  for (const candidate of inner) {
    const found = codeOf(candidate, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
