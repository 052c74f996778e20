import type { HttpRequest, HttpRequester, HttpResponse } from '../contracts/http-requester.js';
import { ClientTimeoutError } from '../errors/client-timeout-error.js';
import { ServerError } from '../errors/server-error.js';
import { fetchFailure } from './fetch-failure.js';

/**
 * Sends requests by the runtime's own `fetch`: the default of `BaseClient`.
 *
 * `fetch` does not tell when the connection stands, so `connectTimeoutMs` counts until the headers. In Node it marks
 * itself as a browser, and Ray's dashboard then refuses writes: `@raywire/transport-http` has a requester over undici.
 */
export function fetchRequester(): HttpRequester {
  return {
    contractVersion: 1,
    async request(request) {
      request.signal.throwIfAborted();
      return new FetchExchange(request).send();
    },
  };
}

/** One request and its answer. */
class FetchExchange {
  readonly #request: HttpRequest;
  // One of its own, so that the caller's signal, the time-outs and an early end all stop `fetch` the same way.
  readonly #controller = new AbortController();
  readonly #onAbort: () => void;
  #givenUp: { reason: unknown } | undefined;
  #finished = false;

  constructor(request: HttpRequest) {
    this.#request = request;
    this.#onAbort = () => this.#giveUp(request.signal.reason);
    request.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  async send(): Promise<HttpResponse> {
    const { connectTimeoutMs, readTimeoutMs } = this.#request;
    const silence = readTimeoutMs > 0 && readTimeoutMs < connectTimeoutMs;
    const timeout = silence ? readTimeout(readTimeoutMs) : connectTimeout(connectTimeoutMs);
    let timer = setTimeout(() => this.#giveUp(timeout), silence ? readTimeoutMs : connectTimeoutMs);
    let isSending = true;
    // A body that is still on its way is no silence: the clock begins anew with each chunk that was taken.
    const onChunk = (): void => {
      clearTimeout(timer);
      if (!isSending || readTimeoutMs === 0) return;
      timer = setTimeout(() => this.#giveUp(readTimeout(readTimeoutMs)), readTimeoutMs);
    };
    try {
      const init = requestInit(this.#request, this.#controller.signal, onChunk);
      const response = await fetch(this.#request.url, init);
      this.#throwIfGivenUp();
      if (response.type === 'opaqueredirect') throw opaqueRedirect();
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: { [Symbol.asyncIterator]: () => this.#read(response.body) },
        cancel: () => this.#leave(),
      };
    } catch (error) {
      this.#leave();
      throw this.#failure(error, false);
    } finally {
      isSending = false;
      clearTimeout(timer);
    }
  }

  #read(stream: ReadableStream<Uint8Array> | null): AsyncIterator<Uint8Array, undefined> {
    const reader = stream?.getReader();
    return {
      next: async () => {
        this.#throwIfGivenUp();
        if (this.#finished || reader === undefined) return this.#end();
        const { readTimeoutMs } = this.#request;
        const timer =
          readTimeoutMs > 0
            ? setTimeout(() => this.#giveUp(readTimeout(readTimeoutMs)), readTimeoutMs)
            : undefined;
        try {
          const { done, value } = await reader.read();
          this.#throwIfGivenUp();
          return done ? this.#end() : { done: false, value };
        } catch (error) {
          // `cancel()` while a reader waits is an early end; so is giving up, but with a reason.
          if (this.#finished && this.#givenUp === undefined) return this.#end();
          this.#leave();
          throw this.#failure(error, true);
        } finally {
          clearTimeout(timer);
        }
      },
      return: async () => {
        this.#leave();
        return { done: true, value: undefined };
      },
    };
  }

  #end(): IteratorReturnResult<undefined> {
    this.#finish();
    return { done: true, value: undefined };
  }

  #failure(error: unknown, answered: boolean): unknown {
    return this.#givenUp === undefined
      ? fetchFailure(error, this.#request.url, answered)
      : this.#givenUp.reason;
  }

  #throwIfGivenUp(): void {
    if (this.#givenUp !== undefined) throw this.#givenUp.reason;
  }

  #giveUp(reason: unknown): void {
    if (this.#finished) return;
    this.#givenUp = { reason };
    this.#leave();
  }

  /** Frees the socket: aborting does so in every runtime, whatever has been read. */
  #leave(): void {
    if (this.#finished) return;
    this.#finish();
    this.#controller.abort();
  }

  #finish(): void {
    this.#finished = true;
    this.#request.signal.removeEventListener('abort', this.#onAbort);
  }
}

function requestInit(request: HttpRequest, signal: AbortSignal, onChunk: () => void): RequestInit {
  const init: RequestInit & { duplex?: 'half' } = {
    method: request.method,
    headers: request.headers,
    redirect: 'manual',
    cache: 'no-store',
    signal,
  };
  const { body } = request;
  if (typeof body === 'string') init.body = body;
  else if (body instanceof Uint8Array) init.body = body as Uint8Array<ArrayBuffer>;
  else if (body !== undefined) {
    init.body = streamOf(body, onChunk);
    init.duplex = 'half';
  }
  return init;
}

/** `ReadableStream.from` is not in every browser. */
function streamOf(chunks: AsyncIterable<Uint8Array>, onChunk: () => void): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      onChunk();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

function connectTimeout(timeoutMs: number): ClientTimeoutError {
  return new ClientTimeoutError({
    code: 'CONNECT_TIMEOUT',
    message: `The HTTP server did not answer within ${timeoutMs} ms (connectTimeoutMs).`,
  });
}

function readTimeout(timeoutMs: number): ClientTimeoutError {
  return new ClientTimeoutError({
    code: 'READ_TIMEOUT',
    message: `The HTTP server sent nothing for ${timeoutMs} ms (readTimeoutMs).`,
  });
}

/** A browser hides where a redirect leads, so whether it stays on the origin cannot be known. */
function opaqueRedirect(): ServerError {
  return new ServerError({
    code: 'REDIRECT_REFUSED',
    statusCode: 502,
    message:
      'The server answered with a redirect, which a browser does not let us check. Use the final URL as baseURL.',
  });
}
