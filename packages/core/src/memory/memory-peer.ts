import { httpErrorFromResponse } from '../answers/http-error-from-response.js';
import { plainHeaders } from '../answers/plain-headers.js';
import { QueuedConnection } from '../connection/queued-connection.js';
import { connectionLost, readerGone } from '../connection/transport-failures.js';
import type { LogConnection, LogConnectionClosed, LogFrame, LogRequest } from '../contracts/log-transport.js';
import type { ClientConnectionError } from '../errors/client-connection-error.js';
import type { ClientError } from '../errors/client-error.js';

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

/** One request to a memory transport, and both ends of what becomes of it. */
export class MemoryExchange implements MemoryPeer {
  readonly opened: Promise<LogConnection>;
  readonly closed: Promise<void>;
  readonly #request: LogRequest;
  readonly #options: { defaultStatus: number; maxBufferedBytes: number };
  readonly #controller = new AbortController();
  #settleOpening!: { resolve(connection: LogConnection): void; reject(error: unknown): void };
  #resolveClosed!: () => void;
  #connection: QueuedConnection | undefined;
  // While the reader is behind: what lets each waiting writer go on.
  #writers: (() => void)[] | undefined;

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
    const { signal, maxFrameBytes } = this.#request;
    this.#connection = new QueuedConnection({
      status: acceptance.status ?? this.#options.defaultStatus,
      headers: plainHeaders(acceptance.headers),
      signal,
      bufferBytes: this.#options.maxBufferedBytes,
      maxFrameBytes,
      pause: () => {
        this.#writers = [];
      },
      resume: () => this.#releaseWriters(),
      terminate: () => undefined,
      released: () => this.#end(),
    });
    this.#settleOpening.resolve(this.#connection);
  }

  refuse(refusal: { status: number; headers?: Record<string, string>; body?: string }): void {
    const { status, body = '' } = refusal;
    const headers = plainHeaders(refusal.headers);
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
    if (this.#connection === undefined || this.signal.aborted) throw readerGone();
    this.#connection.push(frame);
    const writers = this.#writers;
    if (writers === undefined) return;
    await new Promise<void>((resolve) => writers.push(resolve));
    if (this.signal.aborted) throw readerGone();
  }

  close(closed: Partial<LogConnectionClosed> = {}): void {
    this.accept();
    if (closed.clean === false) this.#connection?.end({ ...closed, clean: false }, this.#lost());
    else this.#connection?.end({ ...closed, clean: true });
  }

  fail(error: ClientError = this.#lost()): void {
    if (this.#connection === undefined) this.giveUp(error);
    else this.#connection.break(error);
  }

  /** The opening comes to nothing; a connection that is open already is left alone. */
  giveUp(error: unknown): void {
    if (this.#connection !== undefined) return;
    this.#settleOpening.reject(error);
    this.#end();
  }

  #lost(): ClientConnectionError {
    return connectionLost(this.#request.url);
  }

  #releaseWriters(): void {
    for (const goOn of this.#writers ?? []) goOn();
    this.#writers = undefined;
  }

  #end(): void {
    this.#controller.abort();
    this.#releaseWriters();
    this.#resolveClosed();
  }
}
