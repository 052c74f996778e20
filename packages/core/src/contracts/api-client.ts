import type { Redactor } from '../redaction/redactor.js';
import type { HttpRequester, HttpResponse } from './http-requester.js';

/** What a caller may set on any single REST call. */
export interface CallOptions {
  /** Ends the call at once; it then throws `signal.reason`. */
  signal?: AbortSignal | undefined;
  /** Added to the client's own; names in any case. */
  headers?: Record<string, string> | undefined;
  /** Bounds the whole call with its retries, in milliseconds: above 0, at most 300_000. */
  timeoutMs?: number | undefined;
  /** How often a failed call may be repeated; only what is safe to repeat is. Default: the client's (2). */
  maxRetries?: number | undefined;
}

/** One REST call. */
export interface ApiRequest extends CallOptions {
  /** Default `GET`. */
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | undefined;
  /** Relative to the base URL, already percent-encoded (`jobs/x/`), or absolute on the same origin (a `next` link). */
  path: string;
  /** Appended percent-encoded; `undefined` values are left out. */
  query?: Record<string, string | number | boolean | undefined> | undefined;
  /** Sent as JSON. */
  json?: unknown;
  /**
   * Sent as it is; give its `content-type` in `headers`. A stream can be sent once, a function that begins it anew as
   * often as the call is repeated.
   */
  body?: string | Uint8Array | AsyncIterable<Uint8Array> | (() => AsyncIterable<Uint8Array>) | undefined;
  /** A write that may safely be sent twice (by construction, not by hope). Default: only GET and HEAD are. */
  idempotent?: boolean | undefined;
  /**
   * What `timeoutMs`, this call's or the client's, bounds of a `stream`. `headers`: the time until they have come, so
   * that the body may take as long as its reader does; `all` (default): the body too.
   */
  timeoutBounds?: 'all' | 'headers' | undefined;
  /** What the answer must be. `json` (default): anything else is an error; `text`: any text; `none`: ignored. */
  expect?: 'json' | 'text' | 'none' | undefined;
  /** Default: the client's `maxResponseBytes` (64 MiB). */
  maxResponseBytes?: number | undefined;
}

/** The answer of a REST call that succeeded (2xx). */
export interface ApiResponse<T = unknown> {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Parsed JSON, or text; `undefined` for `expect: 'none'`, HEAD, and a write that answers without content. */
  data: T;
}

/**
 * What a mixin may expect of its base class: authenticated, retried, redacted calls to one server.
 * `BaseClient` implements it.
 */
export interface ApiClient {
  /** With a trailing slash. */
  readonly baseURL: string;
  /** Sends the requests. */
  readonly requester: HttpRequester;
  /** Every secret that this client holds. */
  readonly redactor: Redactor;
  /** The statuses after which credentials are asked for once more. Default `[401]`. */
  readonly refreshOn?: readonly number[];
  /** @throws {ClientError} as the table of errors in core's README says */
  request<T = unknown>(request: ApiRequest): Promise<ApiResponse<T>>;
  /** As `request`, but resolves at the headers of a success and leaves the body to the caller. */
  stream(request: ApiRequest): Promise<HttpResponse>;
  /** The absolute URL of a path. @throws {InvalidArgumentError} when it would leave the origin */
  url(path: string, query?: ApiRequest['query']): string;
  /**
   * The client's own headers with its credentials, for a request to its own origin; `refresh` asks a token
   * function once more.
   */
  requestHeaders(options?: { refresh?: boolean }): Promise<Record<string, string>>;
  /** Ends the calls in flight with `CLIENT_CLOSED`, and frees the sockets that the client owns. */
  close(): Promise<void>;
}
