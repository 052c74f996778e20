import { isIP } from 'node:net';

/**
 * Which `Host` headers are the gateway's own: loopback, the address that the connection came in on, and what
 * `allowedHosts` lists. Any other name was made to resolve here by somebody else (DNS rebinding).
 */
export class HostGuard {
  readonly #allowed: ReadonlySet<string>;

  constructor(allowedHosts: readonly string[]) {
    this.#allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  }

  accepts(host: string | undefined, localAddress: string | undefined): boolean {
    const parsed = parseHost(host);
    if (parsed === undefined) return false;
    return (
      isLoopbackHost(parsed.hostname) ||
      this.#allowed.has(parsed.hostname) ||
      this.#allowed.has(parsed.host) ||
      isSameAddress(parsed.hostname, localAddress)
    );
  }
}

/** Which pages of a browser may talk to the gateway: its own, and the origins that `corsOrigins` lists. */
export class OriginGuard {
  readonly #listed: ReadonlySet<string>;

  constructor(corsOrigins: readonly string[]) {
    this.#listed = new Set(corsOrigins);
  }

  isListed(origin: string): boolean {
    return this.#listed.has(origin);
  }

  accepts(origin: string, host: string | undefined): boolean {
    if (this.isListed(origin)) return true;
    if (!/^https?:\/\//.test(origin) || !URL.canParse(origin)) return false;
    const url = new URL(origin);
    // Parsed under the origin's scheme, so that the default port is left out of both.
    return parseHost(host, url.protocol)?.host === url.host;
  }
}

/** `localhost`, `127.0.0.0/8` and `::1`, as a host name of a URL or as an address to listen on. */
function isLoopbackHost(hostname: string): boolean {
  if (hostname === 'localhost' || hostname === '[::1]' || hostname === '::1') return true;
  return isIP(hostname) === 4 && hostname.startsWith('127.');
}

function parseHost(
  host: string | undefined,
  protocol = 'http:',
): { host: string; hostname: string } | undefined {
  if (host === undefined || !/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`${protocol}//${host}`))
    return undefined;
  const url = new URL(`${protocol}//${host}`);
  return { host: url.host, hostname: url.hostname };
}

function isSameAddress(hostname: string, localAddress: string | undefined): boolean {
  if (localAddress === undefined) return false;
  const bare = hostname.replace(/^\[|\]$/g, '');
  // A dual-stack listener shows IPv4 addresses inside IPv6.
  return isIP(bare) !== 0 && bare === localAddress.replace(/^::ffff:(?=\d+\.)/, '').toLowerCase();
}
