import type { LogFrame } from '../contracts/log-transport.js';

/** What a waiting frame costs beside its content: without it, a flood of empty ones would look free. */
export const FRAME_OVERHEAD = 64;

/** The frames that wait in a queue. */
export interface FrameStore<Frame extends LogFrame> {
  /** What waits, in bytes (a string counts its characters), with 64 more a frame. */
  readonly size: number;
  add(frame: Frame): void;
  /** The next frame. */
  shift(): Frame | undefined;
  /** All frames, at once. */
  takeAll(): Frame[];
  clear(): void;
}

/** Frames of any kind, each by itself. */
export class FrameList<Frame extends LogFrame> implements FrameStore<Frame> {
  #frames: Frame[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(frame: Frame): void {
    this.#frames.push(frame);
    this.#size += frame.length + FRAME_OVERHEAD;
  }

  shift(): Frame | undefined {
    const frame = this.#frames.shift();
    if (frame !== undefined) this.#size -= frame.length + FRAME_OVERHEAD;
    return frame;
  }

  takeAll(): Frame[] {
    const taken = this.#frames;
    this.clear();
    return taken;
  }

  clear(): void {
    this.#frames = [];
    this.#size = 0;
  }
}
