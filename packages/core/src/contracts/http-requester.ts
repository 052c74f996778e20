/** One HTTP request, as it goes out. */
export interface HttpRequest {
  method: string;
  /** Absolute, without credentials. */
  url: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Aborting it ends the request and its body at once. */
  signal: AbortSignal;
  /** Until the connection stands, in milliseconds; a requester that cannot see it counts until the headers. */
  connectTimeoutMs: number;
  /** Longest silence before the headers and between two body chunks, in milliseconds; 0 is none. */
  readTimeoutMs: number;
}

/** Its answer, of any status. Redirects are not followed: the caller decides. */
export interface HttpResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /**
   * Read it to its end, or leave the loop early: both free the socket. `httpTransport` takes a `QueuedConnection` as
   * its log connection, without a second queue.
   */
  body: AsyncIterable<Uint8Array>;
  /** Frees the socket without reading the body. */
  cancel(): void;
}

/** Sends HTTP requests. The default is `fetch`; `@raywire/transport-http` brings undici's. */
export interface HttpRequester {
  readonly contractVersion: 1;
  /**
   * @throws {ClientTimeoutError} `CONNECT_TIMEOUT` or `READ_TIMEOUT`; the body's iteration throws it too
   * @throws {ClientConnectionError} when there was no answer, or the body broke off
   * `signal.reason` is thrown as it is when the signal is aborted.
   */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Frees what it keeps between requests. */
  close?(): Promise<void>;
}
