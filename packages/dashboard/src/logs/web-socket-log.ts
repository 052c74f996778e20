import type { LogConnection, LogConnectionClosed, LogFrame } from '@raywire/core';
import type { LogEnd } from '@raywire/ray';
import { Utf8Counter } from './canonical-length.js';

/** What of a replay is wanted, and what its end means. */
export interface WebSocketLogOptions {
  /** Canonical bytes at the beginning that are left out. */
  skip: number;
  /** Ends after so many canonical bytes, with this end. */
  until: { bytes: number; end: LogEnd } | undefined;
  /** Ray has closed the connection after so many canonical bytes: whether that is the log's end. */
  prove(bytes: number): Promise<LogEnd | undefined>;
}

/**
 * Ray's WebSocket, whose close with 1000 proves nothing (one byte that is not UTF-8 brings it about too): what was
 * sent is counted, and the end believed only when that was the whole log.
 */
export class WebSocketLog implements LogConnection {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly closed: Promise<LogConnectionClosed>;
  readonly #inner: LogConnection;
  readonly #options: WebSocketLogOptions;
  readonly #counter = new Utf8Counter();
  #bytes = 0;
  #end: LogEnd | undefined;

  constructor(inner: LogConnection, options: WebSocketLogOptions) {
    this.status = inner.status;
    this.headers = inner.headers;
    this.closed = inner.closed;
    this.#inner = inner;
    this.#options = options;
  }

  /** What the end of the iteration meant. */
  get end(): LogEnd | undefined {
    return this.#end;
  }

  takeBuffered(): LogFrame[] {
    const frames = this.#inner.takeBuffered?.() ?? [];
    const { skip, until } = this.#options;
    const isWanted = until === undefined && this.#bytes >= skip;
    if (!isWanted || !frames.every((frame) => typeof frame === 'string'))
      return frames.map((frame) => this.#take(frame));
    // Counted together: one by one, small messages cost more to count than to read.
    this.#bytes += this.#counter.count(frames.join(''));
    return frames;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LogFrame, void, void> {
    this.#stopInTime();
    if (this.#end !== undefined) return;
    for await (const frame of this.#inner) {
      yield this.#take(frame);
      if (this.#end !== undefined) return;
    }
    this.#end ??= await this.#options.prove(this.#bytes);
  }

  close(): void {
    this.#inner.close();
  }

  #take(frame: LogFrame): string {
    const text = typeof frame === 'string' ? frame : new TextDecoder().decode(frame);
    const before = this.#bytes;
    this.#bytes += this.#counter.count(text);
    const { skip, until } = this.#options;
    const last = until?.bytes ?? Number.POSITIVE_INFINITY;
    const wanted = before >= skip && this.#bytes <= last ? text : cut(text, skip - before, last - before);
    this.#stopInTime();
    return wanted;
  }

  #stopInTime(): void {
    const { until } = this.#options;
    if (until !== undefined && this.#bytes >= until.bytes) this.#end = until.end;
  }
}

/** A part of a text, counted in UTF-8 bytes; both ends are those of lines. */
function cut(text: string, from: number, to: number): string {
  const bytes = new TextEncoder().encode(text);
  const part = bytes.subarray(
    Math.min(Math.max(from, 0), bytes.length),
    Math.max(0, Math.min(to, bytes.length)),
  );
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(part);
}
