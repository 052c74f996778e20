import type { HttpRequester } from '../contracts/http-requester.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { describeInput } from '../options/describe-input.js';
import { validateTimeout } from '../options/validate-timeout.js';
import type { CallHooks } from './call-hooks.js';

/**
 * Gives the headers that carry credentials, for each request. All of their values are secrets.
 *
 * @param context `refresh` is true after a refusal: what was given before is not good any more
 */
export type Authenticate = (context: {
  refresh: boolean;
}) => Record<string, string> | Promise<Record<string, string>>;

/** What `BaseClient` can be told. */
export interface BaseClientOptions extends CallHooks {
  /** `http:` or `https:`, with or without a path and a trailing slash; no credentials, query or fragment. */
  baseURL: string;
  /** Sent with every request; names in any case. */
  headers?: Record<string, string> | undefined;
  /** Asked before each request, and once more after a refusal. */
  authenticate?: Authenticate | undefined;
  /**
   * The statuses by which the server says that credentials are not good any more; what was so refused must not have
   * been done, since it is sent again with fresh ones. Default `[401]`.
   */
  refreshOn?: readonly number[] | undefined;
  /**
   * Sends the requests. One that is given is closed by its owner; a function makes one that the client owns and
   * closes. Default: `fetchRequester`.
   */
  requester?: HttpRequester | (() => HttpRequester) | undefined;
  /** Until the connection stands, in milliseconds. Default 3_000. */
  connectTimeoutMs?: number | undefined;
  /** Longest silence before the headers and between two pieces of the body, in milliseconds. Default 10_000. */
  readTimeoutMs?: number | undefined;
  /** Bounds each whole call with its retries, in milliseconds. Default: no bound but those above. */
  timeoutMs?: number | undefined;
  /** How often a call that is safe to repeat may be repeated. Default 2. */
  maxRetries?: number | undefined;
  /** Never more of an answer than this is in memory. Default 64 MiB. */
  maxResponseBytes?: number | undefined;
}

/** The names of `BaseClientOptions`. */
export const BASE_CLIENT_OPTIONS: readonly string[] = [
  'baseURL',
  'headers',
  'authenticate',
  'refreshOn',
  'requester',
  'connectTimeoutMs',
  'readTimeoutMs',
  'timeoutMs',
  'maxRetries',
  'maxResponseBytes',
  'onRequest',
  'onResponse',
  'onRetry',
];

/** What every call starts from. */
export interface CallDefaults {
  connectTimeoutMs: number;
  readTimeoutMs: number;
  timeoutMs: number | undefined;
  maxRetries: number;
  maxResponseBytes: number;
}

/** @throws {InvalidArgumentError} naming the option and the remedy */
export function checkCallDefaults(options: BaseClientOptions): CallDefaults {
  checkFunctions(options, ['authenticate', 'onRequest', 'onResponse', 'onRetry']);
  // Only what is left out has a default: a `null` was meant for something else.
  const {
    connectTimeoutMs = 3_000,
    readTimeoutMs = 10_000,
    timeoutMs,
    maxRetries = 2,
    maxResponseBytes = 64 * 1024 * 1024,
  } = options;
  return {
    connectTimeoutMs: validateTimeout(connectTimeoutMs, 'connectTimeoutMs'),
    readTimeoutMs: validateTimeout(readTimeoutMs, 'readTimeoutMs'),
    timeoutMs: timeoutMs === undefined ? undefined : validateTimeout(timeoutMs),
    maxRetries: checkMaxRetries(maxRetries),
    maxResponseBytes: checkMaxResponseBytes(maxResponseBytes),
  };
}

/** @throws {InvalidArgumentError} unless it is a whole number from 0 to 100 */
export function checkMaxRetries(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 100) return value;
  throw new InvalidArgumentError({
    message: `maxRetries must be a whole number from 0 to 100, but it is ${describeInput(value)}.`,
  });
}

/** @throws {InvalidArgumentError} unless it is a whole number above 0, or Infinity */
export function checkMaxResponseBytes(value: unknown): number {
  if (value === Number.POSITIVE_INFINITY) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError({
    message: `maxResponseBytes must be a whole number above 0, or Infinity, but it is ${describeInput(value)}.`,
  });
}

/** @throws {InvalidArgumentError} unless all of them are statuses of refusals */
export function checkRefreshOn(value: unknown): readonly number[] {
  const isRefusal = (status: unknown): boolean => Number.isInteger(status) && Number(status) >= 400;
  if (Array.isArray(value) && value.every(isRefusal)) return [...value];
  throw new InvalidArgumentError({
    message: `refreshOn must be an array of HTTP statuses from 400 on, such as [401, 403], but it is ${describeInput(value)}.`,
  });
}

/** @throws {InvalidArgumentError} for a contract of another version, or what is no requester */
export function checkRequester(requester: HttpRequester): HttpRequester {
  const version: unknown = (requester as Partial<HttpRequester> | null)?.contractVersion;
  if (version === 1 && typeof requester.request === 'function') return requester;
  throw new InvalidArgumentError({
    message: `requester must be an HttpRequester of contract version 1, but its contractVersion is ${describeInput(version)}.`,
  });
}

function checkFunctions(options: BaseClientOptions, names: readonly (keyof BaseClientOptions)[]): void {
  for (const name of names) {
    if (options[name] === undefined || typeof options[name] === 'function') continue;
    throw new InvalidArgumentError({
      message: `${name} must be a function, but it is ${describeInput(options[name])}.`,
    });
  }
}
