import { InvalidArgumentError } from '@raywire/core';
import type { BufferedBody } from './stream-connection.js';

const MAX_BYTES = 256 * 1024;
/** What a waiting chunk costs beside its content: chunked bodies may come in very small ones. */
const CHUNK_OVERHEAD = 64;

type Result = IteratorResult<Uint8Array, undefined>;

/** What the queue tells the exchange that fills it. */
export interface BodyQueueListener {
  /** More waits than the bound allows. */
  full(): void;
  /** After `full`: half of the bound or less is left. */
  drained(): void;
  /** The reader waits. */
  starved(): void;
  /** The reader waits no more. */
  fed(): void;
  /** The reader left before the end. */
  left(): void;
}

/** The chunks of a body between undici, which pushes, and one reader, which pulls. */
export class BodyQueue implements BufferedBody {
  readonly #listener: BodyQueueListener;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #full = false;
  #ended = false;
  #failure: { error: unknown } | undefined;
  #reader: { resolve(result: Result): void; reject(error: unknown): void } | undefined;
  #hasReader = false;

  constructor(listener: BodyQueueListener) {
    this.#listener = listener;
  }

  push(chunk: Uint8Array): void {
    if (this.#ended) return;
    const reader = this.#reader;
    if (reader !== undefined) {
      this.#reader = undefined;
      this.#listener.fed();
      reader.resolve({ done: false, value: chunk });
      return;
    }
    this.#chunks.push(chunk);
    this.#bytes += chunk.length + CHUNK_OVERHEAD;
    if (!this.#full && this.#bytes > MAX_BYTES) {
      this.#full = true;
      this.#listener.full();
    }
  }

  /** The body is whole: the reader ends quietly after what waits. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reader?.resolve({ done: true, value: undefined });
    this.#reader = undefined;
  }

  /** The body broke off: the reader fails after what waits. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#reader === undefined) this.#failure = { error };
    else this.#reader.reject(error);
    this.#reader = undefined;
  }

  /** Drops what waits, so that the end or failure is the next thing that the reader sees. */
  clear(): void {
    this.#chunks = [];
    this.#bytes = 0;
  }

  takeBuffered(): Uint8Array[] {
    const taken = this.#chunks;
    this.clear();
    this.#relax();
    return taken;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    if (this.#hasReader) throw new InvalidArgumentError({ message: 'A response body has one reader.' });
    this.#hasReader = true;
    return {
      next: () => this.#next(),
      return: async () => {
        this.clear();
        this.end();
        this.#listener.left();
        return { done: true, value: undefined };
      },
    };
  }

  #next(): Promise<Result> {
    // Few chunks wait at a time: the bound is some hundred kilobytes, and a busy reader uses `takeBuffered`.
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#bytes -= chunk.length + CHUNK_OVERHEAD;
      this.#relax();
      return Promise.resolve({ done: false, value: chunk });
    }
    if (this.#failure !== undefined) {
      const { error } = this.#failure;
      this.#failure = undefined;
      return Promise.reject(error);
    }
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    if (this.#reader !== undefined) {
      return Promise.reject(new InvalidArgumentError({ message: 'A response body has one reader.' }));
    }
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
      this.#listener.starved();
    });
  }

  #relax(): void {
    if (!this.#full || this.#bytes > MAX_BYTES / 2) return;
    this.#full = false;
    this.#listener.drained();
  }
}
