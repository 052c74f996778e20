import { InvalidArgumentError } from '@raywire/core';
import { assertKnownOptions, describeInput } from '@raywire/core/internal';
import type { JobDriver } from './contracts/job-driver.js';

/** What a gateway reports to its owner; never a secret. */
export type GatewayEvent =
  | { type: 'listening'; url: string }
  /** A request failed in a way that its caller can do nothing about. */
  | { type: 'error'; error: unknown }
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
  /** Connections at a time, default 2_000; those beyond are answered 503 and closed. */
  maxConnections?: number | undefined;
  /** A reader of a log who takes nothing for so long is dropped. Milliseconds, default 60_000. */
  stallTimeoutMs?: number | undefined;
  /** How often a quiet stream shows a sign of life. Milliseconds, default 15_000. */
  pingIntervalMs?: number | undefined;
  /** Told the token that was made; a promise it returns is waited for. Default: prints it to standard error. */
  onToken?: ((token: string) => void) | undefined;
  /** Told of errors that no caller hears of, and of dropped readers. Default: nobody is. */
  onEvent?: ((event: GatewayEvent) => void) | undefined;
}

/** The options with every default filled in. */
export type ResolvedGatewayOptions = {
  [Name in Exclude<keyof GatewayOptions, 'token'>]-?: Exclude<GatewayOptions[Name], undefined>;
} & { token: string | undefined };

const KNOWN: readonly string[] = [
  'driver',
  'token',
  'host',
  'port',
  'allowedHosts',
  'corsOrigins',
  'maxConnections',
  'stallTimeoutMs',
  'pingIntervalMs',
  'onToken',
  'onEvent',
] satisfies (keyof GatewayOptions)[];

/** @throws {InvalidArgumentError} naming the option that cannot be used */
export function resolveGatewayOptions(options: GatewayOptions): ResolvedGatewayOptions {
  if (typeof options !== 'object' || options === null) {
    refuse('createGateway takes an object of options, at least { driver: localDriver({ directory }) }');
  }
  for (const name of ['allowedHosts', 'corsOrigins'] as const) requireStrings(name, options[name]);
  assertKnownOptions(options, KNOWN, 'createGateway');
  const { driver, token, host = '127.0.0.1', port = 0 } = options;
  if (driver?.contractVersion !== 1) {
    refuse(
      `driver must be a JobDriver of contract version 1, such as localDriver({ directory }), not ${String(driver?.contractVersion)}`,
    );
  }
  if (token !== undefined && (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token))) {
    refuse('token must be a non-empty string of visible ASCII characters: it travels in a header');
  }
  if (typeof host !== 'string' || host === '')
    refuse("host must be an address to listen on, such as '127.0.0.1'");
  requireInteger('port', port, 0, 65_535);
  const { maxConnections = 2_000, stallTimeoutMs = 60_000, pingIntervalMs = 15_000 } = options;
  requireInteger('maxConnections', maxConnections, 1, 1_000_000);
  requireInteger('stallTimeoutMs', stallTimeoutMs, 1, 3_600_000);
  requireInteger('pingIntervalMs', pingIntervalMs, 1, 3_600_000);
  const corsOrigins = options.corsOrigins ?? [];
  for (const origin of corsOrigins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      refuse(
        `corsOrigins must list exact origins such as 'https://ray.example.org', not ${describeInput(origin)}`,
      );
    }
  }
  const { allowedHosts = [], onToken = printToken, onEvent = () => undefined } = options;
  requireFunction('onToken', onToken);
  requireFunction('onEvent', onEvent);
  if (allowedHosts.some((name) => !/^[\w.[\]-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i.test(name))) {
    refuse("allowedHosts must list host names, with or without a port, such as 'ray.example.org'");
  }
  return {
    driver,
    token,
    host,
    port,
    allowedHosts,
    corsOrigins,
    maxConnections,
    stallTimeoutMs,
    pingIntervalMs,
    onToken,
    onEvent,
  };
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

function requireInteger(name: string, value: number, minimum: number, maximum: number): void {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return;
  refuse(`${name} must be a whole number from ${minimum} to ${maximum}, not ${String(value)}`);
}

function requireFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') refuse(`${name} must be a function, not ${describeInput(value)}`);
}

function requireStrings(name: string, value: unknown): void {
  if (value === undefined) return;
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return;
  refuse(`${name} must be a list of strings, not ${describeInput(value)}`);
}

function refuse(message: string): never {
  throw new InvalidArgumentError({ message });
}
