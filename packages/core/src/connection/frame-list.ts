import type { LogFrame } from '../contracts/log-transport.js';

/** After so many frames were handed out one by one, the array lets go of them. */
const COMPACT_AFTER = 1024;

/** The frames that wait in a queue. */
export interface FrameStore<Frame extends LogFrame> {
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
  // The next frame to hand out: shifting an array would cost its length each time.
  #head = 0;

  add(frame: Frame): void {
    this.#frames.push(frame);
  }

  shift(): Frame | undefined {
    const frame = this.#frames[this.#head];
    if (frame === undefined) return undefined;
    this.#head += 1;
    if (this.#head === this.#frames.length) this.clear();
    else if (this.#head === COMPACT_AFTER) {
      this.#frames = this.#frames.slice(this.#head);
      this.#head = 0;
    }
    return frame;
  }

  takeAll(): Frame[] {
    const taken = this.#head === 0 ? this.#frames : this.#frames.slice(this.#head);
    this.clear();
    return taken;
  }

  clear(): void {
    this.#frames = [];
    this.#head = 0;
  }
}
