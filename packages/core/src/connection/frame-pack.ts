import type { PackedFrames } from '../contracts/log-transport.js';
import { FRAME_OVERHEAD, type FrameStore } from './frame-list.js';

const INITIAL_BYTES = 64 * 1024;
const INITIAL_FRAMES = 1024;
/** A larger buffer is given back once it is empty. */
const KEPT_BYTES = 1 << 20;

/**
 * Frames of bytes, one behind the other in one buffer: thousands of small ones that wait are no objects of their own,
 * which V8's garbage collector would have to move.
 */
export class FramePack implements FrameStore<Uint8Array> {
  #bytes = new Uint8Array(INITIAL_BYTES);
  #end = 0;
  /** Where the frames end. */
  #ends = new Uint32Array(INITIAL_FRAMES);
  #count = 0;
  /** The first frame that was not taken, and where it begins. */
  #next = 0;
  #start = 0;

  get size(): number {
    return this.#end - this.#start + FRAME_OVERHEAD * (this.#count - this.#next);
  }

  add(frame: Uint8Array): void {
    if (this.#end + frame.length > this.#bytes.length || this.#count === this.#ends.length)
      this.#makeRoom(frame.length);
    this.#bytes.set(frame, this.#end);
    this.#end += frame.length;
    this.#ends[this.#count++] = this.#end;
  }

  /** The next frame, by itself. */
  shift(): Uint8Array | undefined {
    return this.#next === this.#count ? undefined : this.take(0).bytes.slice();
  }

  takeAll(): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (let frame = this.shift(); frame !== undefined; frame = this.shift()) frames.push(frame);
    return frames;
  }

  /** As many frames as have `maxBytes`, and at least the next one. They are good until the next `add`. */
  take(maxBytes: number): PackedFrames {
    const { buffer } = this.#bytes;
    const from = this.#start;
    const first = this.#next;
    const limit = from + maxBytes;
    while (
      this.#next < this.#count &&
      (this.#next === first || (this.#ends[this.#next] as number) <= limit)
    ) {
      this.#start = this.#ends[this.#next] as number;
      this.#next++;
    }
    const taken = {
      bytes: new Uint8Array(buffer, from, this.#start - from),
      ends: this.#ends.subarray(first, this.#next),
    };
    if (from > 0)
      for (let index = 0; index < taken.ends.length; index++)
        taken.ends[index] = (taken.ends[index] as number) - from;
    if (this.#next === this.#count) this.clear();
    return taken;
  }

  clear(): void {
    this.#end = 0;
    this.#count = 0;
    this.#next = 0;
    this.#start = 0;
    if (this.#bytes.length > KEPT_BYTES) this.#bytes = new Uint8Array(INITIAL_BYTES);
  }

  /** Moves what waits to the beginning, of larger buffers where it takes more than half of these. */
  #makeRoom(bytes: number): void {
    const from = this.#start;
    const waiting = this.#bytes.subarray(from, this.#end);
    const ends = this.#ends.subarray(this.#next, this.#count).map((end) => end - from);
    const size = waiting.length + bytes;
    if (size > this.#bytes.length / 2) this.#bytes = new Uint8Array(size * 2);
    if (ends.length >= this.#ends.length / 2) this.#ends = new Uint32Array(ends.length * 2);
    this.#bytes.set(waiting);
    this.#ends.set(ends);
    this.#count = ends.length;
    this.#end = waiting.length;
    this.#next = 0;
    this.#start = 0;
  }
}
