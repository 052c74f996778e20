import type { Socket } from 'node:net';
import type { WebSocket } from '@fastify/websocket';
import type { EventFormat } from './encode-event.js';
import type { LogSink, StreamEnd } from './log-sink.js';
import { SocketWriter } from './socket-writer.js';

const CLOSE_CODES: Record<StreamEnd, [code: number, reason: string]> = {
  complete: [1000, 'complete'],
  'gateway-closing': [1001, 'the gateway is closing'],
  stalled: [1013, 'the reader stalled: resume at the last offset'],
  'past-the-end': [4416, 'the offset is past the end of the log'],
  failed: [1011, 'the stream failed'],
};

/**
 * A reader on a WebSocket: one event a message. Messages go to the socket as frames that all readers share; `ws`
 * keeps none back while nothing is compressed, so its pings and its close stay in order with them.
 */
export class WebSocketSink implements LogSink {
  readonly format: EventFormat;
  onGone: (() => void) | undefined;
  readonly #webSocket: WebSocket;
  readonly #writer: SocketWriter;
  readonly #closeGraceMs: number;

  constructor(
    webSocket: WebSocket,
    socket: Socket,
    options: { batch: boolean; stallTimeoutMs: number; closeGraceMs: number },
  ) {
    this.#webSocket = webSocket;
    this.#closeGraceMs = options.closeGraceMs;
    this.format = { framing: 'websocket', batch: options.batch, ids: false };
    // The HTTP server's listener stays behind after an upgrade, and would cut a stalled reader off without a reason.
    socket.removeAllListeners('timeout');
    socket.setKeepAlive(true, 30_000);
    this.#writer = new SocketWriter(socket, options.stallTimeoutMs);
    webSocket.once('close', () => {
      this.#writer.release();
      this.onGone?.();
    });
    // A close follows every error.
    webSocket.on('error', () => undefined);
  }

  get isGone(): boolean {
    return this.#webSocket.readyState !== this.#webSocket.OPEN;
  }

  write(bytes: Buffer): Promise<void> | undefined {
    return this.isGone ? undefined : this.#writer.write(bytes);
  }

  hint(bytes: Buffer): void {
    if (!this.isGone) this.#writer.hint(bytes);
  }

  ping(): void {
    if (!this.isGone && this.#writer.isIdle) this.#webSocket.ping();
  }

  end(reason: StreamEnd): void {
    const [code, text] = CLOSE_CODES[reason];
    this.#webSocket.close(code, text);
    if (this.#webSocket.readyState === this.#webSocket.CLOSED) return;
    const timer = setTimeout(() => this.#webSocket.terminate(), this.#closeGraceMs);
    this.#webSocket.once('close', () => clearTimeout(timer));
  }
}
