import {
  arrayOf,
  callback,
  contract,
  count,
  kind,
  type OptionTable,
  readOptions,
  required,
  secret,
  text,
} from '@raywire/core/internal';
import type { JobDriver } from './contracts/job-driver.js';

/** What a gateway reports to its owner; never a secret. */
export type GatewayEvent =
  | { type: 'listening'; url: string }
  /**
   * A request failed in a way that its caller can do nothing about, or something failed that no caller hears of.
   * `route` is its method and path, without the query.
   */
  | { type: 'error'; error: unknown; jobId?: string; route?: string }
  /** A caller sent a wrong token: its 1st, 10th, 100th, … `address` is the proxy's where there is one, and a /64 of IPv6. */
  | { type: 'token-refused'; address: string; count: number }
  /** A reader took nothing for `stallTimeoutMs` and was dropped. */
  | { type: 'reader-dropped'; jobId: string; reason: string };

/** What `createGateway` takes. */
export interface GatewayOptions {
  /** Runs the jobs: `localDriver({ directory })`. The gateway closes it. */
  driver: JobDriver;
  /** What every caller must send. Without one a token is made, and told once to `onToken`. */
  token?: string | undefined;
  /** The address to listen on. Default `'127.0.0.1'`: the gateway is a remote shell, so anything else is a decision. */
  host?: string | undefined;
  /** Default 0: any free port. */
  port?: number | undefined;
  /** Host names, with or without a port, by which others reach it, next to loopback names and its own addresses. */
  allowedHosts?: readonly string[] | undefined;
  /** Origins (`https://ray.example.org`) whose pages may call it. Default none. */
  corsOrigins?: readonly string[] | undefined;
  /**
   * Connections at a time that have shown the token, default 2_000; those beyond are answered 503 and closed. An
   * eighth as many, and at least 64, may be open beside them without it.
   */
  maxConnections?: number | undefined;
  /** A reader of a log who takes nothing for so long is dropped. Milliseconds, default 60_000. */
  stallTimeoutMs?: number | undefined;
  /** How often a quiet stream shows a sign of life. Milliseconds, default 15_000. */
  pingIntervalMs?: number | undefined;
  /** Told the token that was made; a promise it returns is waited for. Default: prints it to standard error. */
  onToken?: ((token: string) => void) | undefined;
  /**
   * Receives errors that no caller sees, dropped readers and wrong tokens. Default: they are not reported. If it throws
   * for `listening`, `listen` fails with that; for any other event the process emits a warning.
   */
  onEvent?: ((event: GatewayEvent) => void) | undefined;
}

/** The options with every default filled in. */
export type ResolvedGatewayOptions = {
  [Name in Exclude<keyof GatewayOptions, 'token'>]-?: Exclude<GatewayOptions[Name], undefined>;
} & { token: string | undefined };

const GATEWAY_OPTIONS = {
  driver: required(contract<JobDriver>('a JobDriver', 'localDriver({ directory })', () => true)),
  token: secret('a non-empty string of visible ASCII characters: it travels in a header', /^[\x21-\x7e]+$/),
  host: text("an address to listen on, such as '127.0.0.1'", '127.0.0.1'),
  port: count({ min: 0, max: 65_535 }, 0),
  allowedHosts: arrayOf(
    kind<string>("a host name, with or without a port, such as 'ray.example.org'", isHostName),
    [],
  ),
  corsOrigins: arrayOf(kind<string>("an exact origin, such as 'https://ray.example.org'", isOrigin), []),
  maxConnections: count({ max: 1_000_000 }, 2_000),
  stallTimeoutMs: count({ max: 3_600_000 }, 60_000),
  pingIntervalMs: count({ max: 3_600_000 }, 15_000),
  onToken: callback(printToken),
  onEvent: callback((_event: GatewayEvent): void => undefined),
} satisfies OptionTable<GatewayOptions>;

/** @throws {InvalidArgumentError} naming the option that cannot be used */
export function resolveGatewayOptions(options: GatewayOptions): ResolvedGatewayOptions {
  const { token, ...resolved } = readOptions(GATEWAY_OPTIONS, options, 'createGateway');
  return { token, ...resolved };
}

function isHostName(name: unknown): boolean {
  return typeof name === 'string' && /^[\w.[\]-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i.test(name);
}

function isOrigin(origin: unknown): boolean {
  return typeof origin === 'string' && URL.canParse(origin) && new URL(origin).origin === origin;
}

/** The URL under which a listener is reached from this machine. */
export function listenerUrl(host: string, port: number): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function printToken(token: string): void {
  process.stderr.write(`The gateway made itself a token (shown once): ${token}\n`);
}
