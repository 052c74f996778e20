/** Why a connection failed, where the runtime says so. */
export interface ConnectReason {
  /** The runtime's code. */
  code?: string;
  /** What it means, and the remedy. */
  meaning?: string;
  isTimeout?: boolean;
}

const MAX_DEPTH = 8;

/** What the codes of Node, undici, Bun and Deno mean. The first row that matches counts. */
const MEANINGS: readonly ({ codes: RegExp } & Omit<ConnectReason, 'code'>)[] = [
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

/** What a failure means, by its first code of a system or library. */
export function connectReason(cause: unknown): ConnectReason {
  const code = codeOf(cause);
  if (code === undefined) return {};
  const known = MEANINGS.find(({ codes }) => codes.test(code));
  return { meaning: 'is the URL right, and is the server up?', ...known, code };
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
