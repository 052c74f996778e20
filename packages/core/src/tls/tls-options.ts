import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { assertKnownOptions } from '../options/assert-known-options.js';
import { describeInput } from '../options/describe-input.js';

/** How the server of an `https:` or `wss:` URL is trusted, and who we are to it; names as in Node's `tls.connect`. */
export interface TlsOptions {
  /** Certificates of the authorities that are trusted, in place of the system's. PEM. */
  ca?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined;
  /** The client's own certificate with its chain, for servers that ask for one. PEM. */
  cert?: string | Uint8Array | undefined;
  /** The private key of `cert`. PEM. */
  key?: string | Uint8Array | undefined;
  /** Of an encrypted `key`. */
  passphrase?: string | undefined;
  /** The name that the server's certificate must have. Default: the URL's host. */
  servername?: string | undefined;
  /** `false` believes any certificate, an attacker's too: for trying out only. Default true. */
  rejectUnauthorized?: boolean | undefined;
}

/** What Node's sockets are told, made of `TlsOptions`. */
export interface SecureSocketOptions<Context extends object> {
  secureContext?: Context;
  servername?: string;
  rejectUnauthorized?: boolean;
}

const KEYS = ['ca', 'cert', 'key', 'passphrase', 'servername', 'rejectUnauthorized'];

/**
 * Checks `tls`, and reads its certificates, before anything is sent.
 *
 * @param createSecureContext the one of `node:tls`
 * @throws {InvalidArgumentError} for an unknown or bad option, and for what is no PEM; it repeats none of them
 */
export function secureSocketOptions<Context extends object>(
  tls: TlsOptions | undefined,
  createSecureContext: (options: object) => Context,
): SecureSocketOptions<Context> {
  assertKnownOptions(tls, KEYS, 'tls');
  if (tls === undefined) return {};
  const { servername, rejectUnauthorized, ...material } = tls;
  if (rejectUnauthorized !== undefined && typeof rejectUnauthorized !== 'boolean')
    throw invalid(`rejectUnauthorized must be a boolean, but it is ${describeInput(rejectUnauthorized)}.`);
  if (servername !== undefined && (typeof servername !== 'string' || servername === ''))
    throw invalid(`servername must be a host name, but it is ${describeInput(servername)}.`);
  if ((material.cert === undefined) !== (material.key === undefined))
    throw invalid('cert and key belong together: give both.');
  const given = Object.fromEntries(Object.entries(material).filter(([, value]) => value !== undefined));
  return {
    ...(Object.keys(given).length > 0 && { secureContext: contextOf(given, createSecureContext) }),
    ...(servername !== undefined && { servername }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  };
}

/**
 * For the runtimes whose connections cannot be told whom to trust.
 *
 * @throws {InvalidArgumentError} when `tls` is given
 */
export function refuseTls(tls: TlsOptions | undefined): void {
  if (tls === undefined) return;
  throw invalid(
    'it works in Node only. A browser trusts what its system trusts; Bun reads NODE_EXTRA_CA_CERTS, and Deno DENO_CERT.',
  );
}

function contextOf<Context>(given: object, createSecureContext: (options: object) => Context): Context {
  try {
    return createSecureContext(given);
  } catch (error) {
    // Its message could quote what it does not like; its code does not.
    const { code = 'no code' } = error as { code?: string };
    throw invalid(`ca, cert, key or passphrase cannot be read (${code}): give PEM, and the key of cert.`);
  }
}

function invalid(problem: string): InvalidArgumentError {
  return new InvalidArgumentError({ message: `tls: ${problem}` });
}
