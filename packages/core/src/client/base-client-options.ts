import type { HttpRequester } from '../contracts/http-requester.js';
import { arrayOf, callback, contract, count, duration, orFunction } from '../options/option-kinds.js';
import type { CheckedOptions, OptionKind, OptionTable } from '../options/option-table.js';
import { baseURLOption } from './base-url.js';
import type { CallHooks } from './call-hooks.js';
import { RETRIES } from './call-options.js';
import { headersOption } from './header-record.js';

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

/** The table of `BaseClientOptions`. */
export const BASE_CLIENT_OPTIONS: OptionTable<
  BaseClientOptions,
  'refreshOn' | 'connectTimeoutMs' | 'readTimeoutMs' | 'maxRetries' | 'maxResponseBytes'
> = {
  baseURL: baseURLOption(),
  headers: headersOption(),
  authenticate: callback(),
  refreshOn: arrayOf(count({ min: 400 }), [401]),
  requester: orFunction(requesterOption()),
  connectTimeoutMs: duration(3_000),
  readTimeoutMs: duration(10_000),
  timeoutMs: duration(),
  maxRetries: count(RETRIES, 2),
  maxResponseBytes: count({ orInfinity: true }, 64 * 1024 * 1024),
  onRequest: callback(),
  onResponse: callback(),
  onRetry: callback(),
};

/** The options of a client, checked: what each of its calls starts from. */
export type CheckedClientOptions = CheckedOptions<typeof BASE_CLIENT_OPTIONS>;

/** An `HttpRequester`. @__NO_SIDE_EFFECTS__ */
export function requesterOption(): OptionKind<HttpRequester, undefined> {
  return contract('an HttpRequester', 'fetchRequester()', ({ request }) => typeof request === 'function');
}
