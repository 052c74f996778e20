import type { mixBlocks as MixBlocks } from './mix-blocks.node.js';

/** One of Murmur's constants. */
const SPREAD = 0x1b873593;

/** Mixes whole blocks of four words into the four lanes of a `RollingHash`. */
export const mixBlocks: typeof MixBlocks = (lanes, bytes, from, to) => {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = from; index < to; index += 4) {
    const lane = ((index - from) / 4) % 4;
    const mixed = Math.imul((lanes[lane] as number) ^ words.getInt32(index, true), SPREAD);
    lanes[lane] = mixed ^ (mixed >>> 15);
  }
};
