import { connectFailure } from '../connection/connect-failure.js';
import {
  connectionLost,
  connectTimeout,
  readerGone,
  readTimeout,
  unusableRequest,
} from '../connection/transport-failures.js';
import type { HttpRequest, HttpRequester, HttpResponse } from '../contracts/http-requester.js';
import { ClientError } from '../errors/client-error.js';
import { ServerError } from '../errors/server-error.js';
import { Deadline } from '../time/deadline.js';

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
  // Of its own, so that the caller's signal, the time-outs and an early end all stop `fetch` the same way.
  readonly #deadline: Deadline;
  #finished = false;

  constructor(request: HttpRequest) {
    this.#request = request;
    this.#deadline = new Deadline(request.signal);
  }

  async send(): Promise<HttpResponse> {
    const { connectTimeoutMs, readTimeoutMs } = this.#request;
    if (readTimeoutMs > 0 && readTimeoutMs < connectTimeoutMs) this.#watchSilence();
    else this.#deadline.set(connectTimeoutMs, () => connectTimeout(this.#request));
    let isSending = true;
    // A body that is still on its way is not silence: the clock starts again with each chunk that was taken.
    const onChunk = (): void => {
      if (isSending) this.#watchSilence();
    };
    try {
      const init = requestInit(this.#request, this.#deadline.signal, onChunk);
      const response = await fetch(this.#request.url, init);
      this.#deadline.signal.throwIfAborted();
      if (response.type === 'opaqueredirect') throw opaqueRedirect();
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: { [Symbol.asyncIterator]: () => this.#read(response.body) },
        cancel: () => this.#leave(),
      };
    } catch (error) {
      throw this.#failure(error, connectFailure);
    } finally {
      isSending = false;
      this.#deadline.clear();
    }
  }

  #read(stream: ReadableStream<Uint8Array> | null): AsyncIterator<Uint8Array, undefined> {
    const reader = stream?.getReader();
    const { signal } = this.#deadline;
    return {
      next: async () => {
        if (this.#finished || reader === undefined) return this.#end();
        signal.throwIfAborted();
        this.#watchSilence();
        try {
          const { done, value } = await reader.read();
          signal.throwIfAborted();
          return done ? this.#end() : { done: false, value };
        } catch (error) {
          // `cancel()` while a reader waits is an early end.
          if (this.#finished) return this.#end();
          throw this.#failure(error, connectionLost);
        } finally {
          this.#deadline.clear();
        }
      },
      return: async () => {
        this.#leave();
        return { done: true, value: undefined };
      },
    };
  }

  #watchSilence(): void {
    this.#deadline.set(this.#request.readTimeoutMs, () => readTimeout(this.#request));
  }

  #end(): IteratorReturnResult<undefined> {
    this.#finished = true;
    this.#deadline.release();
    return { done: true, value: undefined };
  }

  /** Frees the socket: aborting does so in every runtime, whatever has been read. */
  #leave(): void {
    if (this.#finished || this.#deadline.signal.aborted) return;
    this.#finished = true;
    this.#deadline.abort(readerGone());
  }

  /** What a rejection of `fetch`, or of reading its body, means. */
  #failure(error: unknown, describe: (url: string, cause: unknown) => ClientError): unknown {
    const { signal } = this.#deadline;
    if (signal.aborted) return signal.reason;
    this.#leave();
    if (ClientError.isInstance(error)) return error;
    const { url } = this.#request;
    return URL.canParse(url) ? describe(url, error) : unusableRequest();
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

/** A browser hides where a redirect leads, so whether it stays on the origin cannot be known. */
function opaqueRedirect(): ServerError {
  return new ServerError({
    code: 'REDIRECT_REFUSED',
    statusCode: 502,
    message: 'The server answered with a redirect, which a browser hides. Use the final URL as baseURL.',
  });
}
