import type { ServerResponse } from 'node:http';
import { type EventFormat, encodeEvent, encodeSseText } from './encode-event.js';
import { LogSink, type SinkOptions, type StreamEnd } from './log-sink.js';

const INTERRUPTIONS: Partial<Record<StreamEnd, string>> = {
  'gateway-closing': 'The gateway is closing',
  stalled: 'The reader stalled and was dropped',
  'not-there': 'The log no longer holds what comes next: its oldest part was dropped',
};

/**
 * A reader of server-sent events; one that asks for `text/event-stream` gets `id:` lines and comments too. Events go
 * to the socket as chunks that all readers share; Node writes the headers before them and the last chunk.
 */
export class SseSink extends LogSink {
  readonly format: EventFormat;
  readonly #response: ServerResponse;

  /** @param response its headers are sent */
  constructor(response: ServerResponse, options: SinkOptions & { standard: boolean }) {
    super(response.socket, options.stallTimeoutMs);
    this.#response = response;
    this.format = {
      // A caller of HTTP/1.0 knows no chunks: its answer ends with the connection.
      framing: response.chunkedEncoding ? 'chunk' : 'none',
      lines: options.lines,
      ids: options.standard,
    };
    response.once('close', () => this.release());
    // A close follows every error.
    response.on('error', () => undefined);
    // Node destroys a socket that timed out unless somebody listens: `LogSink` ends a reader that stalled.
    response.on('timeout', () => undefined);
  }

  get isGone(): boolean {
    return this.#response.writableEnded || this.socket?.writable !== true;
  }

  ping(): void {
    if (this.format.ids) this.hint(encodeSseText(': ping\n\n', this.format));
  }

  /**
   * An end without a `complete` event is an interruption, after which a reader resumes. One that cannot (an old
   * client takes every end for the job's) is told an error.
   */
  protected finish(reason: StreamEnd): void {
    const message = INTERRUPTIONS[reason];
    if (message !== undefined && !this.format.ids)
      this.write(encodeEvent({ type: 'error', message }, this.format));
    this.#response.end();
  }
}
