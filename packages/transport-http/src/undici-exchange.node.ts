import type { Socket } from 'node:net';
import {
  ClientConnectionError,
  ClientTimeoutError,
  type HttpRequest,
  type HttpResponse,
  InvalidArgumentError,
  ServerError,
} from '@raywire/core';
import { tlsRemedy } from '@raywire/core/internal';
import type { Dispatcher } from 'undici';
import { BodyQueue } from './body-queue.js';

/** One request and its answer, as undici's dispatcher sees it. */
export class UndiciExchange implements Dispatcher.DispatchHandler {
  readonly response: Promise<HttpResponse>;
  readonly #request: HttpRequest;
  readonly #body: BodyQueue;
  readonly #onAbort: () => void;
  #resolve!: (response: HttpResponse) => void;
  #reject!: (error: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #socket: Socket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #givenUp: { reason: unknown } | undefined;
  #answered = false;

  constructor(request: HttpRequest) {
    this.#request = request;
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#body = new BodyQueue({
      full: () => this.#controller?.pause(),
      drained: () => this.#controller?.resume(),
      starved: () => this.#watch(request.readTimeoutMs, () => readTimeout(request.readTimeoutMs)),
      fed: () => clearTimeout(this.#timer),
      left: () => this.#giveUp(leftEarly()),
    });
    this.#onAbort = () => {
      this.#body.clear();
      this.#giveUp(request.signal.reason);
    };
    request.signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#watch(request.connectTimeoutMs, () => connectTimeout(request.connectTimeoutMs));
  }

  /** The socket that is being connected for this request alone. */
  connecting(socket: Socket): void {
    this.#socket = socket;
  }

  /** The body of the request, told apart from silence: the clock begins anew with each chunk that was taken. */
  async *sending(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of body) {
      yield chunk;
      if (!this.#answered && this.#givenUp === undefined)
        this.#watch(this.#request.readTimeoutMs, () => readTimeout(this.#request.readTimeoutMs));
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#socket = undefined;
    if (this.#givenUp !== undefined) {
      controller.abort(asError(this.#givenUp.reason));
      return;
    }
    this.#watch(this.#request.readTimeoutMs, () => readTimeout(this.#request.readTimeoutMs));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // 100 and 103 announce the answer; they are not it.
    if (status < 200) return;
    clearTimeout(this.#timer);
    this.#answered = true;
    const plain = plainHeaders(headers);
    const encoding = plain['content-encoding'] ?? 'identity';
    // A refusal or a redirect is one, whatever its body looks like.
    if (status < 300 && encoding !== 'identity' && !this.#acceptsEncodings()) {
      this.#giveUp(compressed(encoding));
      return;
    }
    this.#resolve({
      status,
      headers: plain,
      body: this.#body,
      cancel: () => {
        this.#body.clear();
        this.#body.end();
        this.#giveUp(leftEarly());
      },
    });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#body.push(chunk);
  }

  onResponseEnd(): void {
    this.#release();
    this.#body.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    this.#release();
    // The agent was closed while this one was still connecting.
    this.#socket?.destroy();
    const error = this.#givenUp === undefined ? failure(cause, this.#answered) : this.#givenUp.reason;
    this.#reject(error);
    this.#body.fail(error);
  }

  #acceptsEncodings(): boolean {
    return (this.#request.headers['accept-encoding'] ?? 'identity') !== 'identity';
  }

  #watch(timeoutMs: number, timeout: () => Error): void {
    clearTimeout(this.#timer);
    if (timeoutMs > 0) this.#timer = setTimeout(() => this.#giveUp(timeout()), timeoutMs);
  }

  #giveUp(reason: unknown): void {
    if (this.#givenUp !== undefined) return;
    this.#givenUp = { reason };
    this.#release();
    this.#reject(reason);
    this.#body.fail(reason);
    if (this.#controller !== undefined) this.#controller.abort(asError(reason));
    // With the error, or undici would go on waiting for this socket.
    else this.#socket?.destroy(asError(reason));
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#request.signal.removeEventListener('abort', this.#onAbort);
  }
}

function failure(cause: Error & { code?: string }, answered: boolean): Error {
  // undici's own message may quote what it does not like: it is left out.
  if (cause.code === 'UND_ERR_INVALID_ARG') {
    return new InvalidArgumentError({
      message: 'The URL or a header of the request cannot be sent by HTTP.',
    });
  }
  if (answered)
    return new ClientConnectionError({ message: 'The HTTP response broke off before its end.', cause });
  const reason = cause.code ?? cause.name;
  return new ClientConnectionError({
    message:
      tlsRemedy(reason) ??
      `The HTTP server cannot be reached (${reason}). Is the URL right, and is the server up?`,
    cause,
  });
}

/** Bytes that nobody decodes would pass for a log. */
function compressed(encoding: string): ServerError {
  return new ServerError({
    statusCode: 502,
    code: 'UNEXPECTED_RESPONSE',
    message: `The HTTP answer is compressed (${JSON.stringify(encoding.slice(0, 40))}), which was not asked for: something on the way does that.`,
  });
}

function connectTimeout(timeoutMs: number): ClientTimeoutError {
  return new ClientTimeoutError({
    code: 'CONNECT_TIMEOUT',
    message: `The HTTP server could not be connected to within ${timeoutMs} ms.`,
  });
}

function readTimeout(timeoutMs: number): ClientTimeoutError {
  return new ClientTimeoutError({
    code: 'READ_TIMEOUT',
    message: `The HTTP server sent nothing for ${timeoutMs} ms.`,
  });
}

function leftEarly(): ClientConnectionError {
  return new ClientConnectionError({ message: 'The HTTP response was given up before its end.' });
}

function asError(reason: unknown): Error {
  return reason instanceof Error
    ? reason
    : new ClientConnectionError({ message: 'The request was given up.' });
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}
