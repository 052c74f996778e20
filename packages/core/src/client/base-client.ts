import { readBriefText } from '../answers/error-body.js';
import { httpErrorFromResponse } from '../answers/http-error-from-response.js';
import { readResponse } from '../answers/read-response.js';
import type { ApiClient, ApiRequest, ApiResponse } from '../contracts/api-client.js';
import type { HttpRequester, HttpResponse } from '../contracts/http-requester.js';
import { fetchRequester } from '../fetch/fetch-requester.js';
import { readOptions } from '../options/read-options.js';
import { Redactor } from '../redaction/redactor.js';
import {
  type Authenticate,
  BASE_CLIENT_OPTIONS,
  type BaseClientOptions,
  type CheckedClientOptions,
  requesterOption,
} from './base-client-options.js';
import { resolveURL } from './base-url.js';
import { asClientError, clientClosed } from './call-failures.js';
import { CallScope } from './call-scope.js';
import { askCredentials, renewedHeaders } from './credentials.js';
import { addHeaderSecrets, redactHeaders } from './header-record.js';
import { type PreparedCall, prepareCall } from './prepared-call.js';
import { redirectTarget } from './redirect-target.js';
import { retryDelay } from './retry-delay.js';

/** A call on its way. */
interface Call extends PreparedCall {
  scope: CallScope;
  /** Credentials are asked once more after a refusal, once a call. */
  refreshed: boolean;
}

/**
 * Authenticated, retried, redacted calls to one server. Clients are made of it by mixins.
 *
 * @example
 * ```ts
 * import { BaseClient } from '@raywire/core';
 *
 * const client = new BaseClient({ baseURL: 'http://127.0.0.1:8899', headers: { authorization: 'secret' } });
 * const { data } = await client.request<{ status: string }>({ path: 'health/' });
 * console.log(data.status);
 * await client.close();
 * ```
 */
export class BaseClient implements ApiClient {
  /**
   * The options that the constructor takes. A subclass or mixin that takes more declares
   * `static optionNames = [...Base.optionNames, 'more']`; whatever is not in it is refused by name.
   */
  static readonly optionNames: readonly string[] = /* @__PURE__ */ Object.keys(BASE_CLIENT_OPTIONS);

  /** With a trailing slash. */
  readonly baseURL: string;
  /** Sends the requests. */
  readonly requester: HttpRequester;
  /** Every secret that this client holds. */
  readonly redactor: Redactor = new Redactor();
  /** The statuses after which credentials are asked for once more. */
  readonly refreshOn: readonly number[];

  readonly #headers: Record<string, string>;
  readonly #authenticate: Authenticate | undefined;
  readonly #options: CheckedClientOptions;
  readonly #ownsRequester: boolean;
  readonly #scopes = new Set<CallScope>();
  #closed = false;

  /** @throws {InvalidArgumentError} for a bad or unknown option, naming it and the remedy */
  constructor(options: BaseClientOptions) {
    // Not `new.target.optionNames`: terser moves that into functions that it inlines, where there is no `new.target`.
    const { name, optionNames } = new.target;
    const where = `new ${name || 'BaseClient'}`;
    const checked = readOptions(BASE_CLIENT_OPTIONS, options, where, optionNames);
    const { baseURL, headers = {}, authenticate, refreshOn, requester = fetchRequester } = checked;
    this.baseURL = baseURL;
    this.#headers = headers;
    addHeaderSecrets(headers, this.redactor, 'sensitive');
    this.#options = checked;
    this.#authenticate = authenticate;
    this.refreshOn = [...refreshOn];
    this.#ownsRequester = typeof requester === 'function';
    const made: unknown = typeof requester === 'function' ? requester() : requester;
    this.requester = requesterOption().check(made, `${where}: requester`);
  }

  /**
   * Sends a request and reads its answer.
   *
   * @throws {InvalidArgumentError} before anything is sent
   * @throws {HTTPError} or the subclass that the status means
   * @throws {ServerError} `UNEXPECTED_RESPONSE`, `RESPONSE_TOO_LARGE`, `REDIRECT_REFUSED`
   * @throws {ClientTimeoutError} `TIMEOUT`, `CONNECT_TIMEOUT`, `READ_TIMEOUT`
   * @throws {ClientConnectionError} when there was no answer, or not all of it
   * @throws {ClientError} `CLIENT_CLOSED`
   * `signal.reason` is thrown as it is when the signal is aborted.
   */
  async request<T = unknown>(request: ApiRequest): Promise<ApiResponse<T>> {
    const call = this.#begin(request, 'request');
    try {
      return await this.#repeat(call, async (response) => {
        const data = await this.#guard(call, () =>
          readResponse(response, call, { redactor: this.redactor, signal: call.scope.signal }),
        );
        return { status: response.status, headers: response.headers, data: data as T };
      });
    } finally {
      call.scope.release();
    }
  }

  /**
   * As `request`, but resolves at the headers of a success and leaves the body to the caller, who reads it to its
   * end, leaves its loop or calls `cancel()`. `timeoutMs` bounds the body too, unless `timeoutBounds` is `headers`.
   */
  async stream(request: ApiRequest): Promise<HttpResponse> {
    const call = this.#begin(request, 'stream');
    try {
      const response = await this.#repeat(call, async (answer) => answer);
      if (call.timeoutBounds === 'headers') call.scope.stopClock();
      return {
        status: response.status,
        headers: response.headers,
        body: this.#body(call, response),
        cancel: () => {
          call.scope.release();
          response.cancel();
        },
      };
    } catch (error) {
      call.scope.release();
      throw error;
    }
  }

  /** The absolute URL of a path. @throws {InvalidArgumentError} when it would leave the origin */
  url(path: string, query?: ApiRequest['query']): string {
    return resolveURL(this.baseURL, path, query).href;
  }

  /**
   * The client's own headers with its credentials, names in lower case.
   *
   * @throws {AuthenticationError} `CREDENTIALS_UNAVAILABLE` when `authenticate` fails
   */
  async requestHeaders(options: { refresh?: boolean } = {}): Promise<Record<string, string>> {
    this.#assertOpen();
    addHeaderSecrets(this.#headers, this.redactor, 'sensitive');
    if (this.#authenticate === undefined) return { ...this.#headers };
    const credentials = await askCredentials(this.#authenticate, options.refresh ?? false, this.redactor);
    return { ...this.#headers, ...credentials };
  }

  /** Ends the calls in flight and frees what the client owns. Calling it twice is fine. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const scope of [...this.#scopes]) scope.abort(clientClosed());
    if (this.#ownsRequester) await this.requester.close?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #begin(request: ApiRequest, where: string): Call {
    this.#assertOpen();
    const prepared = prepareCall(request, this.baseURL, this.#options, where);
    addHeaderSecrets(prepared.headers, this.redactor, 'sensitive');
    const { signal, timeoutMs } = prepared;
    const what = this.redactor.redact(prepared.what);
    const onRelease = (released: CallScope): void => {
      this.#scopes.delete(released);
    };
    const scope = new CallScope({ signal, timeoutMs, what, onRelease });
    this.#scopes.add(scope);
    return { ...prepared, what, scope, refreshed: false };
  }

  /** Attempts until one succeeds or its failure is final. */
  async #repeat<T>(call: Call, read: (response: HttpResponse) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await read(await this.#attempt(call, attempt));
      } catch (caught) {
        call.scope.signal.throwIfAborted();
        const error: unknown = this.redactor.sanitize(caught);
        const delayMs = retryDelay(error, attempt, call.maxRetries);
        if (delayMs === undefined) throw error;
        call.scope.lastFailure = error;
        const url = this.redactor.redact(call.url);
        await call.scope.race(this.#options.onRetry?.({ method: call.method, url, attempt, delayMs, error }));
        await call.scope.sleep(delayMs);
      }
    }
  }

  /** One attempt, with the redirects and the second try after a refusal that belong to it. */
  async #attempt(call: Call, attempt: number): Promise<HttpResponse> {
    let headers = await this.#callHeaders(call, false);
    let url = call.url;
    for (let redirects = 0; ; ) {
      const response = await this.#send(call, { url, headers, attempt });
      if (response.status >= 200 && response.status <= 299) return response;
      const target = redirectTarget(response, { ...call, url, redirects });
      if (target !== undefined) {
        url = target;
        redirects += 1;
        continue;
      }
      const body = await readBriefText(response, call.scope.signal);
      const error = httpErrorFromResponse(
        { status: response.status, headers: response.headers, body, url, method: call.method },
        this.redactor,
      );
      const mayRefresh = this.refreshOn.includes(response.status) && !call.refreshed && call.isReplayable;
      if (!mayRefresh || this.#authenticate === undefined) throw error;
      call.refreshed = true;
      const renewed = await renewedHeaders((refresh) => this.#callHeaders(call, refresh), headers);
      if (renewed === undefined) throw error;
      headers = renewed;
    }
  }

  async #callHeaders(call: Call, refresh: boolean): Promise<Record<string, string>> {
    const own = await call.scope.race(this.requestHeaders({ refresh }));
    return { ...call.defaultHeaders, ...own, ...call.headers };
  }

  async #send(
    call: Call,
    { url, headers, attempt }: { url: string; headers: Record<string, string>; attempt: number },
  ): Promise<HttpResponse> {
    const event = { method: call.method, url: this.redactor.redact(url), attempt };
    await call.scope.race(
      this.#options.onRequest?.({ ...event, headers: redactHeaders(headers, this.redactor) }),
    );
    const start = performance.now();
    const response = await this.#guard(call, () =>
      this.requester.request({
        method: call.method,
        url,
        headers,
        ...(call.body !== undefined && { body: typeof call.body === 'function' ? call.body() : call.body }),
        signal: call.scope.signal,
        connectTimeoutMs: this.#options.connectTimeoutMs,
        readTimeoutMs: this.#options.readTimeoutMs,
      }),
    );
    try {
      const { status } = response;
      const durationMs = performance.now() - start;
      const shown = redactHeaders(response.headers, this.redactor);
      await call.scope.race(this.#options.onResponse?.({ ...event, status, headers: shown, durationMs }));
    } catch (error) {
      response.cancel();
      throw error;
    }
    return response;
  }

  async *#body(call: Call, response: HttpResponse): AsyncGenerator<Uint8Array> {
    try {
      yield* response.body;
    } catch (error) {
      call.scope.signal.throwIfAborted();
      throw this.redactor.sanitize(asClientError(error, call.what));
    } finally {
      call.scope.release();
    }
  }

  /** What a requester throws is one of ours, or becomes one. */
  async #guard<T>(call: Call, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      call.scope.signal.throwIfAborted();
      throw asClientError(error, call.what);
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw clientClosed();
  }
}
