import { mixBlocks } from '#mix-blocks';

/** Four lanes of one word each. */
const BLOCK_BYTES = 16;
/** A multiple of the block. */
const PIECE_BYTES = 2048;
const HEXADECIMAL = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const STATE = /^(?:-?[0-9a-z]{1,7}\.){4}(?:[0-9a-f]{2}){0,15}$/;

/**
 * A streaming 128-bit hash over bytes, in four lanes that a processor works on at once: the first word of each block
 * goes to the first lane, and so on. The result depends on the bytes alone, not on how they were cut. It is good
 * against accidents, not against an adversary. Synchronous, so that it runs in every runtime between two frames.
 */
export class RollingHash {
  readonly #lanes = new Int32Array(4);
  // The block that is not full yet.
  readonly #pending = new Uint8Array(BLOCK_BYTES);
  #count = 0;

  constructor(state: string = '0.0.0.0.') {
    const parts = state.split('.');
    const pending = parts[4] ?? '';
    for (let lane = 0; lane < 4; lane++) this.#lanes[lane] = Number.parseInt(parts[lane] ?? '', 36);
    for (; 2 * this.#count < pending.length; this.#count++) {
      const digits = pending.slice(2 * this.#count, 2 * this.#count + 2);
      this.#pending[this.#count] = Number.parseInt(digits, 16);
    }
  }

  /** Whether a text can be the `state` of a hash. */
  static isState(text: string): boolean {
    return STATE.test(text);
  }

  /** Everything needed to go on: equal states mean equal hash and equal unfinished block. */
  get state(): string {
    let state = '';
    for (let lane = 0; lane < 4; lane++) state += `${(this.#lanes[lane] as number).toString(36)}.`;
    for (let index = 0; index < this.#count; index++) state += HEXADECIMAL[this.#pending[index] as number];
    return state;
  }

  update(bytes: Uint8Array, length: number): void {
    let start = 0;
    if (this.#count > 0) {
      start = Math.min(BLOCK_BYTES - this.#count, length);
      this.#pending.set(bytes.subarray(0, start), this.#count);
      this.#count += start;
      if (this.#count < BLOCK_BYTES) return;
      mixBlocks(this.#lanes, this.#pending, 0, BLOCK_BYTES);
    }
    const end = length - ((length - start) % BLOCK_BYTES);
    for (; start < end; start += PIECE_BYTES) {
      mixBlocks(this.#lanes, bytes, start, Math.min(start + PIECE_BYTES, end));
    }
    this.#pending.set(bytes.subarray(end, length));
    this.#count = length - end;
  }
}
