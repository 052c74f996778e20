/** Four lanes of one word each. */
const BLOCK_BYTES = 16;
/** One of Murmur's constants. */
const SPREAD = 0x1b873593;

/**
 * Mixes whole blocks into the lanes of a `RollingHash`.
 *
 * Called often and soon done: V8 optimizes such a function for good, whereas it replaces one that loops through a whole
 * batch in the middle of its run, again and again.
 */
export function mixBlocks(lanes: Int32Array, bytes: Uint8Array, from: number, to: number): void {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let first = lanes[0] as number;
  let second = lanes[1] as number;
  let third = lanes[2] as number;
  let fourth = lanes[3] as number;
  for (let index = from; index < to; index += BLOCK_BYTES) {
    first = Math.imul(first ^ words.getInt32(index, true), SPREAD);
    first ^= first >>> 15;
    second = Math.imul(second ^ words.getInt32(index + 4, true), SPREAD);
    second ^= second >>> 15;
    third = Math.imul(third ^ words.getInt32(index + 8, true), SPREAD);
    third ^= third >>> 15;
    fourth = Math.imul(fourth ^ words.getInt32(index + 12, true), SPREAD);
    fourth ^= fourth >>> 15;
  }
  lanes[0] = first;
  lanes[1] = second;
  lanes[2] = third;
  lanes[3] = fourth;
}
