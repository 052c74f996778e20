import type { Socket } from 'node:net';
import type { WebSocket } from '@fastify/websocket';
import { type EventFormat, encodeEvent } from './encode-event.js';
import { LogSink, type SinkOptions, type StreamEnd } from './log-sink.js';

const CLOSE_CODES: Record<StreamEnd, [code: number, reason: string]> = {
  complete: [1000, 'complete'],
  'gateway-closing': [1001, 'the gateway is closing'],
  stalled: [1013, 'the reader stalled: resume at the last offset'],
  'not-there': [4416, 'the log does not hold this offset, or no longer'],
  failed: [1011, 'the stream failed'],
};

/** A browser does not show the pings of a WebSocket to its page, so that a dead connection would look like a quiet job. */
const ALIVE = encodeEvent({ type: 'alive' }, { framing: 'websocket', lines: 'bytes', ids: false });

/**
 * A reader on a WebSocket: one event a message, or the bytes of some lines. Messages go to the socket as frames that all
 * readers share; `ws` keeps none back while nothing is compressed, so its pings and its close stay in order with them.
 */
export class WebSocketSink extends LogSink {
  readonly format: EventFormat;
  readonly #webSocket: WebSocket;

  constructor(webSocket: WebSocket, socket: Socket, options: SinkOptions) {
    // The HTTP server's listener stays behind after an upgrade, and would cut a stalled reader off without a reason.
    socket.removeAllListeners('timeout');
    super(socket, options.stallTimeoutMs);
    this.#webSocket = webSocket;
    this.format = { framing: 'websocket', lines: options.lines, ids: false };
    webSocket.once('close', () => this.release());
    // A close follows every error.
    webSocket.on('error', () => undefined);
  }

  get isGone(): boolean {
    return this.#webSocket.readyState !== this.#webSocket.OPEN;
  }

  ping(): void {
    if (!this.isIdle) return;
    this.#webSocket.ping();
    if (this.format.lines === 'bytes') this.hint(ALIVE);
  }

  protected finish(reason: StreamEnd): void {
    this.#webSocket.close(...CLOSE_CODES[reason]);
  }
}
