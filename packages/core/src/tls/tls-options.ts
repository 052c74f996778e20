import { describeType } from '../options/describe-input.js';
import { flag, kind, nested, refused, text } from '../options/option-kinds.js';
import type { OptionKind } from '../options/option-table.js';
import { refuseOption } from '../options/read-options.js';

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

/** `TlsOptions`, for the tables of those who take them. @__NO_SIDE_EFFECTS__ */
export function tlsOption(): OptionKind<TlsOptions, undefined> {
  return nested({
    ca: pem((value) => (Array.isArray(value) ? value.every(isPem) : isPem(value))),
    cert: pem(isPem),
    key: pem(isPem),
    passphrase: kind('a string', (value) => typeof value === 'string', { describe: describeType }),
    servername: text('a host name'),
    rejectUnauthorized: flag(),
  });
}

/** @throws {InvalidArgumentError} when both are given: a requester has its own `tls` */
export function refuseTlsBesideRequester(
  options: { requester?: unknown; tls?: unknown },
  where: string,
): void {
  if (options.requester === undefined || options.tls === undefined) return;
  refuseOption(`${where}: requester and tls exclude each other; pass requester: undiciRequester({ tls }).`);
}

/**
 * Reads the certificates of `tls`, before anything is sent.
 *
 * @param tls as `tlsOption` gives it
 * @param createSecureContext the one of `node:tls`
 * @throws {InvalidArgumentError} for what is not PEM, which it does not repeat
 */
export function secureSocketOptions<Context extends object>(
  tls: TlsOptions | undefined,
  createSecureContext: (options: object) => Context,
): SecureSocketOptions<Context> {
  const { servername, rejectUnauthorized, ...material } = tls ?? {};
  if ((material.cert === undefined) !== (material.key === undefined))
    refuseOption('tls: cert and key belong together; pass both.');
  return {
    ...(Object.keys(material).length > 0 && { secureContext: contextOf(material, createSecureContext) }),
    ...(servername !== undefined && { servername }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  };
}

/** For the runtimes whose connections cannot be told whom to trust. @__NO_SIDE_EFFECTS__ */
export function refusedTlsOption(): OptionKind<TlsOptions, undefined> {
  return refused(
    'it works in Node only. Browsers trust what their system trusts, Bun NODE_EXTRA_CA_CERTS, Deno DENO_CERT.',
  );
}

function contextOf<Context>(given: object, createSecureContext: (options: object) => Context): Context {
  try {
    return createSecureContext(given);
  } catch (error) {
    // Its message could quote what it does not like; its code does not.
    const { code = 'no code' } = error as { code?: string };
    return refuseOption(
      `tls: ca, cert, key or passphrase cannot be read (${code}); give PEM, and the key of cert.`,
    );
  }
}

function pem<Value extends TlsOptions['ca']>(
  accepts: (value: unknown) => boolean,
): OptionKind<Value, undefined> {
  return kind<Value>('PEM, as a string or bytes', accepts, { describe: describeType });
}

function isPem(value: unknown): boolean {
  return typeof value === 'string' || value instanceof Uint8Array;
}
