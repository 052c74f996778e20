import type { Socket } from 'node:net';
import type { WebSocket } from '@fastify/websocket';
import { type EventFormat, encodeEvent } from './encode-event.js';
import type { LogSink, ReaderStalledError, SinkOwner, StreamEnd } from './log-sink.js';
import { SocketWriter, type WriterOwner } from './socket-writer.js';

const CLOSE_CODES: Record<StreamEnd, [code: number, reason: string]> = {
  complete: [1000, 'complete'],
  'gateway-closing': [1001, 'the gateway is closing'],
  stalled: [1013, 'the reader stalled: resume at the last offset'],
  'past-the-end': [4416, 'the offset is past the end of the log'],
  failed: [1011, 'the stream failed'],
};

/** A browser does not show the pings of a WebSocket to its page, so that a dead connection would look like a quiet job. */
const ALIVE = encodeEvent({ type: 'alive' }, { framing: 'websocket', lines: 'bytes', ids: false });

/**
 * A reader on a WebSocket: one event a message, or the bytes of some lines. Messages go to the socket as frames that all
 * readers share; `ws` keeps none back while nothing is compressed, so its pings and its close stay in order with them.
 */
export class WebSocketSink implements LogSink, WriterOwner {
  readonly format: EventFormat;
  owner: SinkOwner | undefined;
  readonly #webSocket: WebSocket;
  readonly #writer: SocketWriter;
  readonly #closeGraceMs: number;

  constructor(
    webSocket: WebSocket,
    socket: Socket,
    options: { lines: EventFormat['lines']; stallTimeoutMs: number; closeGraceMs: number },
  ) {
    this.#webSocket = webSocket;
    this.#closeGraceMs = options.closeGraceMs;
    this.format = { framing: 'websocket', lines: options.lines, ids: false };
    // The HTTP server's listener stays behind after an upgrade, and would cut a stalled reader off without a reason.
    socket.removeAllListeners('timeout');
    socket.setKeepAlive(true, 30_000);
    this.#writer = new SocketWriter(socket, options.stallTimeoutMs, this);
    webSocket.once('close', () => {
      this.#writer.release();
      this.owner?.gone();
    });
    // A close follows every error.
    webSocket.on('error', () => undefined);
  }

  get isGone(): boolean {
    return this.#webSocket.readyState !== this.#webSocket.OPEN;
  }

  write(bytes: Buffer): boolean {
    return this.isGone || this.#writer.write(bytes);
  }

  flushed(): void {
    this.owner?.flushed();
  }

  stalled(error: ReaderStalledError): void {
    this.owner?.stalled(error);
  }

  hint(bytes: Buffer): void {
    if (!this.isGone) this.#writer.hint(bytes);
  }

  ping(): void {
    if (this.isGone || !this.#writer.isIdle) return;
    this.#webSocket.ping();
    if (this.format.lines === 'bytes') this.#writer.hint(ALIVE);
  }

  end(reason: StreamEnd): void {
    const [code, text] = CLOSE_CODES[reason];
    this.#webSocket.close(code, text);
    if (this.#webSocket.readyState === this.#webSocket.CLOSED) return;
    const timer = setTimeout(() => this.#webSocket.terminate(), this.#closeGraceMs);
    this.#webSocket.once('close', () => clearTimeout(timer));
  }
}
