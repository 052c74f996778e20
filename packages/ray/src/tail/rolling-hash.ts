/**
 * A streaming 32-bit hash over bytes, four at a time (a Murmur-style mix): the result depends on the bytes alone,
 * not on how they were cut. Synchronous, so that it runs in every runtime between two frames.
 */
export class RollingHash {
  #hash: number;
  #pending: number;
  #count: number;

  constructor(state: string = '0.0.0') {
    const [hash, pending, count] = state.split('.').map((part) => Number.parseInt(part, 36));
    this.#hash = (hash ?? 0) | 0;
    this.#pending = pending ?? 0;
    this.#count = count ?? 0;
  }

  /** Everything needed to go on: equal states mean equal hash and equal unfinished word. */
  get state(): string {
    return `${this.#hash.toString(36)}.${this.#pending.toString(36)}.${this.#count}`;
  }

  update(bytes: Uint8Array, length: number): void {
    let hash = this.#hash;
    let index = 0;
    while (this.#count !== 0 && index < length) {
      this.#pending |= (bytes[index++] as number) << (8 * this.#count);
      this.#count = (this.#count + 1) & 3;
      if (this.#count === 0) {
        hash = mix(hash, this.#pending);
        this.#pending = 0;
      }
    }
    const end = length - ((length - index) & 3);
    const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (; index < end; index += PIECE_BYTES)
      hash = mixWords(hash, words, index, Math.min(index + PIECE_BYTES, end));
    for (index = end; index < length; index++)
      this.#pending |= (bytes[index] as number) << (8 * this.#count++);
    this.#hash = hash;
  }
}

/** A multiple of the word. */
const PIECE_BYTES = 1024;

// Murmur's constants. As signed ones they keep V8 at 32-bit integers, which is twice as fast.
const SCATTER = 0xcc9e2d51 | 0;
const SPREAD = 0x1b873593;

// Called often and soon done: V8 optimizes such a function for good, whereas it would replace one that loops through a
// whole batch in the middle of its run, again and again.
function mixWords(start: number, words: DataView, from: number, to: number): number {
  let hash = start;
  for (let index = from; index < to; index += 4) hash = mix(hash, words.getInt32(index, true));
  return hash;
}

function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ Math.imul(word, SCATTER), SPREAD);
  return mixed ^ (mixed >>> 15);
}
