const KEPT_SCRATCH_BYTES = 1 << 20;
/** In the buffer behind the last byte, for readers of whole words. */
const SPARE_BYTES = 16;

/** Puts frames together. One instance serves one connection: it keeps a scratch buffer, which each call overwrites. */
export class ByteJoiner {
  #scratch = new Uint8Array(0);

  /** All parts as one; it stays until the next call. */
  join(parts: readonly Uint8Array[]): Uint8Array {
    let size = SPARE_BYTES;
    for (const part of parts) size += part.length;
    const joined = this.#scratchFor(size);
    let end = 0;
    for (const part of parts) {
      joined.set(part, end);
      end += part.length;
    }
    return joined.subarray(0, end);
  }

  #scratchFor(size: number): Uint8Array {
    if (size <= this.#scratch.length) return this.#scratch;
    const scratch = new Uint8Array(size);
    // A huge frame is rare: its buffer is not kept.
    if (size <= KEPT_SCRATCH_BYTES) this.#scratch = scratch;
    return scratch;
  }
}
