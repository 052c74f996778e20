import type { LogFrame } from '../contracts/log-transport.js';
import { ClientConnectionError } from '../errors/client-connection-error.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';

/** What a waiting frame costs beside its content, or a flood of empty ones would look free. */
const FRAME_OVERHEAD = 64;

type Result = IteratorResult<LogFrame, undefined>;

/** Frames on their way from one writer to one reader: a writer that is too far ahead waits. */
export class MemoryFrames implements AsyncIterator<LogFrame, undefined> {
  readonly #maxBufferedBytes: number;
  #frames: LogFrame[] = [];
  #bytes = 0;
  #reader: { resolve(result: Result): void; reject(error: unknown): void } | undefined;
  #writers: { resolve(): void; reject(error: unknown): void }[] = [];
  #end: { error?: unknown } | undefined;

  constructor(maxBufferedBytes: number) {
    this.#maxBufferedBytes = maxBufferedBytes;
  }

  /** Resolves once the reader is near enough. @throws {ClientConnectionError} when there is no reader any more */
  push(frame: LogFrame): Promise<void> {
    if (this.#end !== undefined) return Promise.reject(readerGone());
    const reader = this.#reader;
    if (reader !== undefined) {
      this.#reader = undefined;
      reader.resolve({ done: false, value: frame });
      return Promise.resolve();
    }
    this.#frames.push(frame);
    this.#bytes += frame.length + FRAME_OVERHEAD;
    if (this.#bytes <= this.#maxBufferedBytes) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#writers.push({ resolve, reject });
    });
  }

  /** No more comes: the reader ends after what waits, quietly or by `end.error`. */
  finish(end: { error?: unknown } = {}): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    for (const writer of this.#writers.splice(0)) writer.reject(readerGone());
    if (this.#reader !== undefined) this.#settle(this.#reader);
    this.#reader = undefined;
  }

  /** Drops what waits. */
  clear(): void {
    this.#frames = [];
    this.#bytes = 0;
  }

  take(): LogFrame[] {
    const taken = this.#frames;
    this.clear();
    this.#relax();
    return taken;
  }

  next(): Promise<Result> {
    const frame = this.#frames.shift();
    if (frame !== undefined) {
      this.#bytes -= frame.length + FRAME_OVERHEAD;
      this.#relax();
      return Promise.resolve({ done: false, value: frame });
    }
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) this.#settle({ resolve, reject });
      else if (this.#reader === undefined) this.#reader = { resolve, reject };
      else reject(new InvalidArgumentError({ message: 'A log connection has one reader.' }));
    });
  }

  #settle(reader: { resolve(result: Result): void; reject(error: unknown): void }): void {
    const end = this.#end;
    // An error is thrown once: an iterator that has thrown is at its end.
    this.#end = {};
    if (end !== undefined && 'error' in end) reader.reject(end.error);
    else reader.resolve({ done: true, value: undefined });
  }

  #relax(): void {
    if (this.#bytes > this.#maxBufferedBytes / 2) return;
    for (const writer of this.#writers.splice(0)) writer.resolve();
  }
}

function readerGone(): ClientConnectionError {
  return new ClientConnectionError({ message: 'The connection has ended: nobody reads this frame.' });
}
