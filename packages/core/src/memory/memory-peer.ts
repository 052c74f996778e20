import { httpErrorFromResponse } from '../answers/http-error-from-response.js';
import type { LogConnectionClosed, LogFrame, LogRequest } from '../contracts/log-transport.js';
import { ClientConnectionError } from '../errors/client-connection-error.js';
import { ClientError } from '../errors/client-error.js';
import { MemoryConnection } from './memory-connection.js';

/** The server's end of a connection in memory. Until it accepts or refuses, it has never answered. */
export interface MemoryPeer {
  /** Aborted once the connection has ended, by whichever side. */
  readonly signal: AbortSignal;
  /** Resolves once the connection has ended, by whichever side. */
  readonly closed: Promise<void>;
  /** Lets `open` resolve. The status is by default 101 on the wire `websocket`, else 200. */
  accept(acceptance?: { status?: number; headers?: Record<string, string> }): void;
  /** Lets `open` reject as a server's refusal does. */
  refuse(refusal: { status: number; headers?: Record<string, string>; body?: string }): void;
  /**
   * Resolves once the reader is near enough; accepts first, where that has not been done.
   *
   * @throws {ClientConnectionError} when the connection has ended
   */
  send(frame: LogFrame): Promise<void>;
  /** Ends it, by default in an orderly way; `clean: false` breaks it, as a lost connection does. */
  close(closed?: Partial<LogConnectionClosed>): void;
  /** Breaks it, or the opening, by an error: by default that of a lost connection. */
  fail(error?: ClientError): void;
}

const DEFAULT_MAX_FRAME_BYTES = 8 * 1024 * 1024;

/** One request to a memory transport, and both ends of what becomes of it. */
export class MemoryExchange implements MemoryPeer {
  readonly opened: Promise<MemoryConnection>;
  readonly closed: Promise<void>;
  readonly #request: LogRequest;
  readonly #options: { defaultStatus: number; maxBufferedBytes: number };
  readonly #controller = new AbortController();
  #settleOpening!: { resolve(connection: MemoryConnection): void; reject(error: unknown): void };
  #resolveClosed!: () => void;
  #connection: MemoryConnection | undefined;

  constructor(request: LogRequest, options: { defaultStatus: number; maxBufferedBytes: number }) {
    this.#request = request;
    this.#options = options;
    this.opened = new Promise((resolve, reject) => {
      this.#settleOpening = { resolve, reject };
    });
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  accept(acceptance: { status?: number; headers?: Record<string, string> } = {}): void {
    if (this.#connection !== undefined || this.signal.aborted) return;
    this.#connection = new MemoryConnection({
      status: acceptance.status ?? this.#options.defaultStatus,
      headers: lowerCased(acceptance.headers),
      signal: this.#request.signal,
      maxBufferedBytes: this.#options.maxBufferedBytes,
      onGone: () => this.#end(),
    });
    this.#settleOpening.resolve(this.#connection);
  }

  refuse(refusal: { status: number; headers?: Record<string, string>; body?: string }): void {
    const { status, body = '' } = refusal;
    const headers = lowerCased(refusal.headers);
    this.giveUp(
      httpErrorFromResponse({
        status,
        headers,
        body,
        url: this.#request.url,
        requestHeaders: this.#request.headers,
      }),
    );
  }

  async send(frame: LogFrame): Promise<void> {
    this.accept();
    if (this.#connection === undefined) throw lost();
    const { maxFrameBytes = DEFAULT_MAX_FRAME_BYTES } = this.#request;
    if (byteLength(frame) > maxFrameBytes)
      this.#connection.fail(frameTooLarge(maxFrameBytes), { clean: false });
    else await this.#connection.push(frame);
  }

  close(closed: Partial<LogConnectionClosed> = {}): void {
    this.accept();
    if (closed.clean === false) this.#connection?.fail(lost(), { ...closed, clean: false });
    else this.#connection?.end({ ...closed, clean: true });
  }

  fail(error: ClientError = lost()): void {
    if (this.#connection === undefined) this.giveUp(error);
    else this.#connection.fail(error, { clean: false });
  }

  /** The opening comes to nothing; a connection that stands is not concerned. */
  giveUp(error: unknown): void {
    if (this.#connection !== undefined) return;
    this.#settleOpening.reject(error);
    this.#end();
  }

  #end(): void {
    this.#controller.abort();
    this.#resolveClosed();
  }
}

function lost(): ClientConnectionError {
  return new ClientConnectionError({ message: 'The connection in memory broke off.' });
}

function frameTooLarge(maxFrameBytes: number): ClientError {
  return new ClientError({
    code: 'FRAME_TOO_LARGE',
    statusCode: 429,
    message: `The peer sent a frame of more than ${maxFrameBytes} bytes (maxFrameBytes).`,
  });
}

function byteLength(frame: LogFrame): number {
  return typeof frame === 'string' ? new TextEncoder().encode(frame).length : frame.length;
}

function lowerCased(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
