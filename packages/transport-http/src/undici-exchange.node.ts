import type { Socket } from 'node:net';
import { type HttpRequest, type HttpResponse, QueuedConnection, ServerError } from '@raywire/core';
import {
  connectFailure,
  connectionLost,
  connectTimeout,
  Deadline,
  plainHeaders,
  readerGone,
  readTimeout,
  unusableRequest,
} from '@raywire/core/internal';
import type { Dispatcher } from 'undici';

/** One request and its answer, as undici's dispatcher sees it. The body of the answer is a connection of its own. */
export class UndiciExchange implements Dispatcher.DispatchHandler {
  readonly response: Promise<HttpResponse>;
  readonly #request: HttpRequest;
  // Of its own, so that the caller's signal and the time-outs end the request, and later the body, the same way.
  readonly #deadline: Deadline;
  #resolve!: (response: HttpResponse) => void;
  #reject!: (error: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #socket: Socket | undefined;
  #body: QueuedConnection<Uint8Array> | undefined;

  constructor(request: HttpRequest) {
    this.#request = request;
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#deadline = new Deadline(request.signal);
    this.#deadline.signal.addEventListener('abort', this.#onAbort);
    this.#deadline.set(request.connectTimeoutMs, () => connectTimeout(request));
  }

  /** The socket that is being connected for this request alone. */
  connecting(socket: Socket): void {
    this.#socket = socket;
  }

  /** The body of the request, told apart from silence: the clock starts again with each chunk that was taken. */
  async *sending(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of body) {
      yield chunk;
      if (this.#body === undefined) this.#watchSilence();
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#socket = undefined;
    if (this.#deadline.signal.aborted) this.#onAbort();
    else this.#watchSilence();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    rawHeaders: Record<string, string | string[] | undefined>,
  ): void {
    // 100 and 103 announce the answer; they are not it.
    if (status < 200) return;
    this.#deadline.clear();
    const headers = plainHeaders(rawHeaders);
    const encoding = headers['content-encoding'] ?? 'identity';
    // A refusal or a redirect is one, whatever its body looks like.
    if (status < 300 && encoding !== 'identity' && !this.#acceptsEncodings()) {
      this.#deadline.abort(compressed(encoding));
      return;
    }
    // From here on the signal is the body's: it frees the request by `terminate`.
    this.#deadline.signal.removeEventListener('abort', this.#onAbort);
    const body = new QueuedConnection<Uint8Array>({
      status,
      headers,
      signal: this.#deadline.signal,
      maxFrameBytes: Number.POSITIVE_INFINITY,
      pause: () => controller.pause(),
      resume: () => controller.resume(),
      starved: () => this.#watchSilence(),
      fed: () => this.#deadline.clear(),
      terminate: () => this.#stop(readerGone()),
      released: () => this.#deadline.release(),
    });
    this.#body = body;
    this.#resolve({ status, headers, body, cancel: () => body.close() });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    this.#body?.end({ clean: true });
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error & { code?: string }): void {
    this.#deadline.release();
    // The agent was closed while this one was still connecting.
    this.#socket?.destroy();
    const { url } = this.#request;
    if (this.#body !== undefined) this.#body.end({ clean: false }, connectionLost(url, cause));
    // undici's own message may quote what it does not like: it is left out.
    else if (cause.code === 'UND_ERR_INVALID_ARG') this.#reject(unusableRequest());
    else this.#reject(connectFailure(url, cause));
  }

  #acceptsEncodings(): boolean {
    return (this.#request.headers['accept-encoding'] ?? 'identity') !== 'identity';
  }

  #watchSilence(): void {
    this.#deadline.set(this.#request.readTimeoutMs, () => readTimeout(this.#request));
  }

  #onAbort = (): void => this.#stop(this.#deadline.signal.reason);

  /** Ends the request, wherever it is. */
  #stop(reason: unknown): void {
    this.#reject(reason);
    const error = reason instanceof Error ? reason : readerGone();
    if (this.#controller !== undefined) this.#controller.abort(error);
    // With the error, or undici would go on waiting for this socket.
    else this.#socket?.destroy(error);
  }
}

/** Bytes that nobody decodes would pass for a log. */
function compressed(encoding: string): ServerError {
  return new ServerError({
    statusCode: 502,
    code: 'UNEXPECTED_RESPONSE',
    message: `The HTTP answer is compressed (${JSON.stringify(encoding.slice(0, 40))}), which was not asked for: something on the way does that.`,
  });
}
