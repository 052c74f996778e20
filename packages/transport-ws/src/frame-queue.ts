import { InvalidArgumentError, type LogFrame } from '@raywire/core';

/** What a waiting frame costs beside its content: without it, a flood of empty messages would look free. */
const FRAME_OVERHEAD = 64;
/** Frames handed out one by one are let go of after so many. */
const COMPACT_AFTER = 1024;

/** What the queue tells the socket that fills it. */
export interface FrameQueueListener {
  /** More waits than the bound allows. */
  full(): void;
  /** After `full`: half of the bound or less is left. */
  drained(): void;
  /** The reader has taken everything and waits. */
  starved(): void;
}

/**
 * The frames between a socket, which pushes, and one reader, which pulls. What was pushed before the end or the
 * failure is delivered before it.
 */
export class FrameQueue implements AsyncIterator<LogFrame, undefined> {
  readonly #bound: number;
  readonly #listener: FrameQueueListener;
  #frames: LogFrame[] = [];
  // The next frame to hand out: shifting an array would cost its length each time.
  #head = 0;
  #bytes = 0;
  #full = false;
  #ended = false;
  #failure: { error: unknown } | undefined;
  #reader: WaitingReader | undefined;

  constructor(bound: number, listener: FrameQueueListener) {
    this.#bound = bound;
    this.#listener = listener;
  }

  /** Whether a reader waits for a frame at this moment. */
  get waiting(): boolean {
    return this.#reader !== undefined;
  }

  push(frame: LogFrame): void {
    if (this.#ended) return;
    const reader = this.#reader;
    if (reader !== undefined) {
      this.#reader = undefined;
      reader.resolve({ done: false, value: frame });
      return;
    }
    this.#frames.push(frame);
    this.#bytes += frame.length + FRAME_OVERHEAD;
    if (!this.#full && this.#bytes > this.#bound) {
      this.#full = true;
      this.#listener.full();
    }
  }

  /** No more will come: the reader ends quietly after what waits. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reader?.resolve({ done: true, value: undefined });
    this.#reader = undefined;
  }

  /** No more will come: the reader fails after what waits. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#reader === undefined) this.#failure = { error };
    else this.#reader.reject(error);
    this.#reader = undefined;
  }

  /** Drops what waits, so that the end or failure is the next thing that the reader sees. */
  clear(): void {
    this.#frames = [];
    this.#head = 0;
    this.#bytes = 0;
  }

  takeBuffered(): LogFrame[] {
    const taken = this.#head === 0 ? this.#frames : this.#frames.slice(this.#head);
    this.clear();
    this.#relax();
    return taken;
  }

  next(): Promise<IteratorResult<LogFrame, undefined>> {
    const frame = this.#frames[this.#head];
    if (frame !== undefined) {
      this.#head += 1;
      this.#bytes -= frame.length + FRAME_OVERHEAD;
      if (this.#head === this.#frames.length) this.clear();
      else if (this.#head === COMPACT_AFTER) {
        this.#frames = this.#frames.slice(this.#head);
        this.#head = 0;
      }
      this.#relax();
      return Promise.resolve({ done: false, value: frame });
    }
    if (this.#failure !== undefined) {
      const { error } = this.#failure;
      this.#failure = undefined;
      return Promise.reject(error);
    }
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    if (this.#reader !== undefined) {
      return Promise.reject(new InvalidArgumentError({ message: 'A log connection has one reader.' }));
    }
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
      this.#listener.starved();
    });
  }

  #relax(): void {
    if (!this.#full || this.#bytes > this.#bound / 2) return;
    this.#full = false;
    this.#listener.drained();
  }
}

interface WaitingReader {
  resolve(result: IteratorResult<LogFrame, undefined>): void;
  reject(error: unknown): void;
}
