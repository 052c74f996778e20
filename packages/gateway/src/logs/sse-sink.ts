import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type EventFormat, encodeEvent, encodeSseText } from './encode-event.js';
import type { LogSink, ReaderStalledError, SinkOwner, StreamEnd } from './log-sink.js';
import { SocketWriter, type WriterOwner } from './socket-writer.js';

const INTERRUPTIONS: Partial<Record<StreamEnd, string>> = {
  'gateway-closing': 'The gateway is closing',
  stalled: 'The reader stalled and was dropped',
};

/**
 * A reader of server-sent events; one that asks for `text/event-stream` gets `id:` lines and comments too. Events go
 * to the socket as chunks that all readers share; Node writes the headers before them and the last chunk.
 */
export class SseSink implements LogSink, WriterOwner {
  readonly format: EventFormat;
  owner: SinkOwner | undefined;
  readonly #response: ServerResponse;
  readonly #socket: Socket | null;
  readonly #writer: SocketWriter | undefined;
  readonly #closeGraceMs: number;
  #isClosed = false;

  /** @param response its headers are sent */
  constructor(
    response: ServerResponse,
    options: { lines: EventFormat['lines']; standard: boolean; stallTimeoutMs: number; closeGraceMs: number },
  ) {
    this.#response = response;
    this.#socket = response.socket;
    this.#closeGraceMs = options.closeGraceMs;
    this.format = {
      // A caller of HTTP/1.0 knows no chunks: its answer ends with the connection.
      framing: response.chunkedEncoding ? 'chunk' : 'none',
      lines: options.lines,
      ids: options.standard,
    };
    response.once('close', () => this.#close());
    response.on('error', () => this.#close());
    // Node destroys a socket that timed out unless somebody listens: the stall is answered in `write`.
    response.on('timeout', () => undefined);
    if (response.destroyed || this.#socket === null) {
      this.#isClosed = true;
    } else {
      this.#socket.setKeepAlive(true, 30_000);
      this.#writer = new SocketWriter(this.#socket, options.stallTimeoutMs, this);
    }
  }

  get isGone(): boolean {
    return this.#isClosed || this.#response.writableEnded || this.#socket?.writable !== true;
  }

  write(bytes: Buffer): boolean {
    return this.isGone || this.#writer === undefined || this.#writer.write(bytes);
  }

  flushed(): void {
    this.owner?.flushed();
  }

  stalled(error: ReaderStalledError): void {
    this.owner?.stalled(error);
  }

  hint(bytes: Buffer): void {
    if (!this.isGone) this.#writer?.hint(bytes);
  }

  ping(): void {
    if (this.format.ids) this.hint(encodeSseText(': ping\n\n', this.format));
  }

  /**
   * An end without a `complete` event is an interruption, after which a reader resumes. One that cannot (an old
   * client takes every end for the job's) is told an error.
   */
  end(reason: StreamEnd): void {
    if (this.#isClosed) return;
    const message = INTERRUPTIONS[reason];
    if (message !== undefined && !this.format.ids)
      this.write(encodeEvent({ type: 'error', message }, this.format));
    this.#response.end();
    const timer = setTimeout(() => this.#socket?.destroy(), this.#closeGraceMs);
    this.#response.once('close', () => clearTimeout(timer));
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#writer?.release();
    this.owner?.gone();
  }
}
