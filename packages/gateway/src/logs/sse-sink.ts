import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type EventFormat, encodeEvent } from './log-batch.js';
import type { LogSink, StreamEnd } from './log-sink.js';
import { whenFlushed } from './socket-flush.js';

const INTERRUPTIONS: Partial<Record<StreamEnd, string>> = {
  'gateway-closing': 'The gateway is closing',
  stalled: 'The reader stalled and was dropped',
};
const PING = Buffer.from(': ping\n\n');

/** A reader of server-sent events; one that asks for `text/event-stream` gets `id:` lines and comments too. */
export class SseSink implements LogSink {
  readonly format: EventFormat;
  readonly signal: AbortSignal;
  readonly #response: ServerResponse;
  readonly #socket: Socket;
  readonly #stallTimeoutMs: number;
  readonly #closeGraceMs: number;

  constructor(
    response: ServerResponse,
    options: { batch: boolean; standard: boolean; stallTimeoutMs: number; closeGraceMs: number },
  ) {
    this.#response = response;
    this.#socket = response.socket as Socket;
    this.#stallTimeoutMs = options.stallTimeoutMs;
    this.#closeGraceMs = options.closeGraceMs;
    this.format = { wire: 'sse', batch: options.batch, ids: options.standard };
    const gone = new AbortController();
    this.signal = gone.signal;
    response.once('close', () => gone.abort());
    response.on('error', () => gone.abort());
    // Node destroys a socket that timed out unless somebody listens: the stall is answered in `write`.
    response.on('timeout', () => undefined);
    if (response.destroyed || response.socket === null) gone.abort();
    else this.#socket.setKeepAlive(true, 30_000);
  }

  write(frames: readonly Buffer[]): Promise<void> {
    if (this.signal.aborted || this.#response.writableEnded) return Promise.resolve();
    const flushed = Promise.withResolvers<void>();
    const last = frames.length - 1;
    frames.forEach((frame, index) => {
      this.#response.write(frame, index === last ? () => flushed.resolve() : undefined);
    });
    return whenFlushed(flushed.promise, this.#socket, this.signal, this.#stallTimeoutMs);
  }

  hint(frame: Buffer): void {
    const idle = !this.signal.aborted && !this.#response.writableEnded && this.#response.writableLength === 0;
    if (idle) this.#response.write(frame);
  }

  ping(): void {
    if (this.format.ids) this.hint(PING);
  }

  /**
   * An end without a `complete` event is an interruption, after which a reader resumes. One that cannot (an old
   * client takes every end for the job's) is told an error.
   */
  end(reason: StreamEnd): void {
    if (this.signal.aborted) return;
    const message = INTERRUPTIONS[reason];
    if (message !== undefined && !this.format.ids)
      this.#response.write(encodeEvent({ type: 'error', message }, this.format));
    this.#response.end();
    const timer = setTimeout(() => this.#socket.destroy(), this.#closeGraceMs);
    this.#response.once('close', () => clearTimeout(timer));
  }
}
