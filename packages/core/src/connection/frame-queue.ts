import type { LogFrame } from '../contracts/log-transport.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { FrameList, type FrameStore } from './frame-list.js';

/** What a queue reports to the socket that fills it. */
export interface FrameQueueListener {
  /** More is waiting than the bound allows: stop sending. */
  full(): void;
  /** After `full`: half of the bound or less is left, send again. */
  drained(): void;
  /** The reader has taken everything and waits for more. */
  starved?(): void;
  /** The reader that waited has been given a frame. */
  fed?(): void;
  /** The reader left before the end. */
  left(): void;
}

/**
 * The frames between a socket, which pushes, and one reader, which pulls. What was pushed before the end is delivered
 * before it. `QueuedConnection` is a whole connection around it.
 */
export class FrameQueue<Frame extends LogFrame = LogFrame> implements AsyncIterable<Frame> {
  readonly #bound: number;
  readonly #listener: FrameQueueListener;
  readonly #frames: FrameStore<Frame>;
  #full = false;
  #end: { error?: unknown } | undefined;
  #hasReader = false;
  #waiting: WaitingReader<Frame> | undefined;

  /**
   * @param bound in bytes (a string counts its characters), with 64 more a frame
   * @param frames where they wait
   */
  constructor(bound: number, listener: FrameQueueListener, frames: FrameStore<Frame> = new FrameList()) {
    this.#bound = bound;
    this.#listener = listener;
    this.#frames = frames;
  }

  /** Whether a reader waits for a frame at this moment. */
  get waiting(): boolean {
    return this.#waiting !== undefined;
  }

  /** Takes a frame in; after the end it is dropped. */
  push(frame: Frame): void {
    if (this.#end !== undefined) return;
    const reader = this.#waiting;
    if (reader !== undefined) {
      this.#waiting = undefined;
      this.#listener.fed?.();
      reader.resolve({ done: false, value: frame });
      return;
    }
    this.#frames.add(frame);
    if (!this.#full && this.#frames.size > this.#bound) {
      this.#full = true;
      this.#listener.full();
    }
  }

  /** Nothing more will come: after the frames that wait, the reader ends quietly or by `end.error`, which it gets once. */
  finish(end: { error?: unknown } = {}): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    if (this.#waiting !== undefined) this.#settle(this.#waiting);
    this.#waiting = undefined;
  }

  /** Drops the frames that wait, so that the end is the next thing that the reader sees. */
  clear(): void {
    this.#frames.clear();
  }

  /** The frames that wait, all at once. */
  takeBuffered(): Frame[] {
    return this.takeBy(() => this.#frames.takeAll());
  }

  /** The frames that a function takes from where they wait. */
  takeBy<Taken>(take: () => Taken): Taken {
    const taken = take();
    this.#relax();
    return taken;
  }

  /** @throws {InvalidArgumentError} when there is a reader already */
  [Symbol.asyncIterator](): AsyncIterator<Frame, undefined> {
    if (this.#hasReader) throw secondReader();
    this.#hasReader = true;
    return {
      next: () => this.#next(),
      return: async () => {
        this.#listener.left();
        return { done: true, value: undefined };
      },
    };
  }

  #next(): Promise<IteratorResult<Frame, undefined>> {
    const frame = this.#frames.shift();
    if (frame !== undefined) {
      this.#relax();
      return Promise.resolve({ done: false, value: frame });
    }
    if (this.#waiting !== undefined) return Promise.reject(secondReader());
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) {
        this.#settle({ resolve, reject });
        return;
      }
      this.#waiting = { resolve, reject };
      this.#listener.starved?.();
    });
  }

  #settle(reader: WaitingReader<Frame>): void {
    const end = this.#end;
    // An error is thrown once: an iterator that has thrown is at its end.
    this.#end = {};
    if (end !== undefined && 'error' in end) reader.reject(end.error);
    else reader.resolve({ done: true, value: undefined });
  }

  #relax(): void {
    if (!this.#full || this.#frames.size > this.#bound / 2) return;
    this.#full = false;
    this.#listener.drained();
  }
}

interface WaitingReader<Frame> {
  resolve(result: IteratorResult<Frame, undefined>): void;
  reject(error: unknown): void;
}

function secondReader(): InvalidArgumentError {
  return new InvalidArgumentError({ message: 'A log connection has one reader.' });
}
