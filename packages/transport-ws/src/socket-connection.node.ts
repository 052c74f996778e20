import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { LogConnection, LogConnectionClosed, LogFrame, LogRequest } from '@raywire/core';
import { InvalidArgumentError } from '@raywire/core';
import type WebSocket from 'isomorphic-ws';
import { connectionLost, frameTooLarge, heartbeatTimeout } from './connection-failures.js';
import { FrameQueue } from './frame-queue.js';
import { Heartbeat } from './heartbeat.js';

/** An open connection over `ws`. */
export class SocketConnection implements LogConnection {
  readonly status: number = 101;
  readonly headers: Record<string, string>;
  readonly closed: Promise<LogConnectionClosed>;
  readonly #socket: WebSocket;
  readonly #frames: FrameQueue;
  readonly #heartbeat: Heartbeat | undefined;
  readonly #signal: AbortSignal;
  readonly #onAbort: () => void;
  #resolveClosed!: (closed: LogConnectionClosed) => void;
  #hasReader = false;
  #open = true;

  constructor(
    socket: WebSocket,
    answer: IncomingMessage | undefined,
    request: LogRequest,
    limits: { bufferBytes: number; maxFrameBytes: number },
  ) {
    this.#socket = socket;
    this.#signal = request.signal;
    this.headers = plainHeaders(answer);
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#frames = new FrameQueue(limits.bufferBytes, {
      full: () => socket.pause(),
      drained: () => socket.resume(),
      starved: () => this.#heartbeat?.restart(),
    });
    const { heartbeat } = request;
    if (heartbeat !== undefined) {
      let events = 0;
      this.#heartbeat = new Heartbeat({
        ...heartbeat,
        waiting: () => this.#frames.waiting,
        // Bytes, where the runtime shows them: a large message on a slow line is no silence.
        received: () => socketOf(answer)?.bytesRead ?? events,
        probe: () => socket.ping(),
        dead: () => this.#break(heartbeatTimeout(heartbeat.timeoutMs)),
      });
      const onSign = (): void => {
        events += 1;
        this.#heartbeat?.restart();
      };
      socket.on('pong', onSign).on('ping', onSign);
    }
    this.#onAbort = () => {
      this.#frames.clear();
      this.#break(request.signal.reason);
    };
    request.signal.addEventListener('abort', this.#onAbort, { once: true });
    socket.on('message', (content: Buffer, isBinary: boolean) => {
      this.#frames.push(isBinary ? content : content.toString());
    });
    socket.on('error', (cause: Error & { code?: string }) => {
      const tooLarge = cause.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
      this.#break(tooLarge ? frameTooLarge(limits.maxFrameBytes) : connectionLost(cause));
    });
    socket.on('close', (code: number, reason: Buffer) => {
      if (code === 1006) this.#frames.fail(connectionLost());
      else this.#frames.end();
      this.#release({ clean: code !== 1006, code, reason: reason.toString() });
    });
  }

  [Symbol.asyncIterator](): AsyncIterator<LogFrame, undefined> {
    if (this.#hasReader) throw new InvalidArgumentError({ message: 'A log connection has one reader.' });
    this.#hasReader = true;
    return {
      next: () => this.#frames.next(),
      return: async () => {
        this.close();
        return { done: true, value: undefined };
      },
    };
  }

  takeBuffered(): LogFrame[] {
    return this.#frames.takeBuffered();
  }

  close(): void {
    this.#frames.clear();
    this.#frames.end();
    this.#terminate();
  }

  #break(error: unknown): void {
    this.#frames.fail(error);
    this.#terminate();
  }

  #terminate(): void {
    this.#release({ clean: false });
    this.#socket.terminate();
  }

  #release(closed: LogConnectionClosed): void {
    if (!this.#open) return;
    this.#open = false;
    this.#heartbeat?.stop();
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#resolveClosed(closed);
  }
}

/** Bun's own `ws`, which stands in for the package there, shows no socket: `answer.socket` is `null`. */
export function socketOf(answer: IncomingMessage | undefined): Socket | undefined {
  return (answer?.socket as Socket | null | undefined) ?? undefined;
}

function plainHeaders(answer: IncomingMessage | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer?.headers ?? {})) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}
