import { readBriefText } from '../answers/error-body.js';
import { httpErrorFromResponse } from '../answers/http-error-from-response.js';
import { readResponse } from '../answers/read-response.js';
import type { ApiClient, ApiRequest, ApiResponse } from '../contracts/api-client.js';
import type { HttpRequester, HttpResponse } from '../contracts/http-requester.js';
import { fetchRequester } from '../fetch/fetch-requester.js';
import { readOptions } from '../options/read-options.js';
import { Redactor } from '../redaction/redactor.js';
import { delay } from '../time/delay.js';
import {
  type Authenticate,
  BASE_CLIENT_OPTIONS,
  type BaseClientOptions,
  type CheckedClientOptions,
  requesterOption,
} from './base-client-options.js';
import { resolveURL } from './base-url.js';
import { clientClosed, requesterFailure } from './call-failures.js';
import { type Call, CallScope } from './call-scope.js';
import { askCredentials, renewedHeaders } from './credentials.js';
import { addHeaderSecrets, redactHeaders } from './header-record.js';
import { prepareCall } from './prepared-call.js';
import { redactMethods } from './redacted-methods.js';
import { redirectTarget } from './redirect-target.js';
import { retryDelay } from './retry-delay.js';

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
    const { name, optionNames, prototype } = new.target;
    redactMethods(prototype);
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
      const { response, data } = await this.#repeat(call, readResponse);
      return { status: response.status, headers: response.headers, data: data as T };
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
      const { response } = await this.#repeat(call);
      if (call.timeoutBounds === 'headers') call.scope.clear();
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
    if (this.#closed) throw clientClosed();
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
    if (this.#closed) throw clientClosed();
    const { redactor } = this;
    const prepared = prepareCall(request, this.baseURL, this.#options, where);
    addHeaderSecrets(prepared.headers, redactor, 'sensitive');
    const scope = new CallScope(prepared, { redactor, scopes: this.#scopes });
    return { ...prepared, scope, redactor, refreshed: false };
  }

  /** Attempts until one succeeds, its answer read too where `read` is given, or its failure is final. */
  async #repeat(call: Call, read?: typeof readResponse): Promise<{ response: HttpResponse; data: unknown }> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const response = await this.#attempt(call, attempt);
        return { response, data: await read?.(response, call) };
      } catch (caught) {
        call.scope.signal.throwIfAborted();
        const error: unknown = this.redactor.sanitize(caught);
        const delayMs = retryDelay(error, attempt, call.maxRetries);
        if (delayMs === undefined) throw error;
        call.scope.lastFailure = error;
        const { onRetry } = this.#options;
        if (onRetry !== undefined) {
          const url = this.redactor.redact(call.url);
          await call.scope.race(onRetry({ method: call.method, url, attempt, delayMs, error }));
        }
        await delay(delayMs, call.scope.signal);
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
      const target = redirectTarget(response, { method: call.method, url, redirects });
      if (target !== undefined) {
        url = target;
        redirects += 1;
        continue;
      }
      const body = await readBriefText(response);
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
    const { onRequest, onResponse } = this.#options;
    const event = () => ({ method: call.method, url: this.redactor.redact(url), attempt });
    if (onRequest !== undefined) {
      const shown = redactHeaders(headers, this.redactor);
      await call.scope.race(onRequest({ ...event(), headers: shown }));
    }
    const start = performance.now();
    let response: HttpResponse;
    try {
      call.scope.signal.throwIfAborted();
      response = await this.requester.request({
        method: call.method,
        url,
        headers,
        ...(call.body !== undefined && { body: typeof call.body === 'function' ? call.body() : call.body }),
        signal: call.scope.signal,
        connectTimeoutMs: this.#options.connectTimeoutMs,
        readTimeoutMs: this.#options.readTimeoutMs,
      });
    } catch (error) {
      throw requesterFailure(error, call);
    }
    const durationMs = performance.now() - start;
    try {
      // A requester may ignore the signal.
      call.scope.signal.throwIfAborted();
      if (onResponse === undefined) return response;
      const shown = redactHeaders(response.headers, this.redactor);
      await call.scope.race(onResponse({ ...event(), status: response.status, headers: shown, durationMs }));
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
      throw this.redactor.sanitize(requesterFailure(error, call));
    } finally {
      call.scope.release();
    }
  }
}
