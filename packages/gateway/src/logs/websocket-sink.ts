import type { Socket } from 'node:net';
import type { WebSocket } from '@fastify/websocket';
import type { EventFormat } from './log-batch.js';
import type { LogSink, StreamEnd } from './log-sink.js';
import { whenFlushed } from './socket-flush.js';

const CLOSE_CODES: Record<StreamEnd, [code: number, reason: string]> = {
  complete: [1000, 'complete'],
  'gateway-closing': [1001, 'the gateway is closing'],
  stalled: [1013, 'the reader stalled: resume at the last offset'],
  'past-the-end': [4416, 'the offset is past the end of the log'],
  failed: [1011, 'the stream failed'],
};

/** A reader on a WebSocket: one event a message. */
export class WebSocketSink implements LogSink {
  readonly format: EventFormat;
  readonly signal: AbortSignal;
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  readonly #stallTimeoutMs: number;
  readonly #closeGraceMs: number;

  constructor(
    webSocket: WebSocket,
    socket: Socket,
    options: { batch: boolean; stallTimeoutMs: number; closeGraceMs: number },
  ) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#stallTimeoutMs = options.stallTimeoutMs;
    this.#closeGraceMs = options.closeGraceMs;
    this.format = { wire: 'websocket', batch: options.batch, ids: false };
    const gone = new AbortController();
    this.signal = gone.signal;
    webSocket.once('close', () => gone.abort());
    // A close follows every error.
    webSocket.on('error', () => undefined);
    // The HTTP server's listener stays behind after an upgrade, and would cut a stalled reader off without a reason.
    socket.removeAllListeners('timeout');
    socket.setKeepAlive(true, 30_000);
  }

  write(frames: readonly Buffer[]): Promise<void> {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return Promise.resolve();
    const flushed = Promise.withResolvers<void>();
    const last = frames.length - 1;
    this.#socket.cork();
    frames.forEach((frame, index) => {
      // An error of a write is the connection's, and its close says so.
      this.#webSocket.send(frame, { binary: false }, index === last ? () => flushed.resolve() : undefined);
    });
    this.#socket.uncork();
    return whenFlushed(flushed.promise, this.#socket, this.signal, this.#stallTimeoutMs);
  }

  hint(frame: Buffer): void {
    if (this.#isIdle()) this.#webSocket.send(frame, { binary: false });
  }

  ping(): void {
    if (this.#isIdle()) this.#webSocket.ping();
  }

  end(reason: StreamEnd): void {
    const [code, text] = CLOSE_CODES[reason];
    this.#webSocket.close(code, text);
    const timer = setTimeout(() => this.#webSocket.terminate(), this.#closeGraceMs);
    this.#webSocket.once('close', () => clearTimeout(timer));
    if (this.signal.aborted) clearTimeout(timer);
  }

  #isIdle(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN && this.#webSocket.bufferedAmount === 0;
  }
}
