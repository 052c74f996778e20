import type { LogConnection, LogConnectionClosed, LogFrame } from '../contracts/log-transport.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { MemoryFrames } from './memory-frames.js';

/** The reader's end of a connection in memory. Its writer calls `push`, `end` and `fail`. */
export class MemoryConnection implements LogConnection {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly closed: Promise<LogConnectionClosed>;
  readonly #frames: MemoryFrames;
  readonly #signal: AbortSignal;
  readonly #onAbort: () => void;
  readonly #onGone: () => void;
  #resolveClosed!: (closed: LogConnectionClosed) => void;
  #hasReader = false;
  #open = true;

  /** @param options `onGone` is called once, when the reader has left */
  constructor(options: {
    status: number;
    headers: Record<string, string>;
    signal: AbortSignal;
    maxBufferedBytes: number;
    onGone: () => void;
  }) {
    this.status = options.status;
    this.headers = options.headers;
    this.#frames = new MemoryFrames(options.maxBufferedBytes);
    this.#onGone = options.onGone;
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#signal = options.signal;
    this.#onAbort = () => this.#leave({ error: this.#signal.reason });
    this.#signal.addEventListener('abort', this.#onAbort, { once: true });
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
    return this.#frames.take();
  }

  close(): void {
    this.#leave({});
  }

  push(frame: LogFrame): Promise<void> {
    return this.#frames.push(frame);
  }

  /** The peer ends it in an orderly way. */
  end(closed: LogConnectionClosed): void {
    this.#frames.finish();
    this.#release(closed);
  }

  /** It breaks: the reader fails after what has been sent. */
  fail(error: unknown, closed: LogConnectionClosed): void {
    this.#frames.finish({ error });
    this.#release(closed);
  }

  #leave(end: { error?: unknown }): void {
    this.#frames.clear();
    this.#frames.finish(end);
    this.#release({ clean: false });
  }

  #release(closed: LogConnectionClosed): void {
    if (!this.#open) return;
    this.#open = false;
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#resolveClosed(closed);
    this.#onGone();
  }
}
