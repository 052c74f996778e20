import type { CanonicalBytes } from './log-source.js';

const KEPT_SCRATCH_BYTES = 1 << 20;
/** In the buffer behind the last byte, for readers of whole words. */
const SPARE_BYTES = 16;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

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

/**
 * The canonical bytes of some lines, made in place of theirs.
 *
 * @param texts what the bytes were decoded to, in parts
 * @returns `undefined` where the bytes are not the UTF-8 of the text
 */
export function canonicalBytes(bytes: Uint8Array, texts: readonly string[]): CanonicalBytes | undefined {
  if (texts.some((text) => text.includes('\ufffd'))) return undefined;
  // Looking for it in a text takes a tenth of the time.
  if (!texts.some((text) => text.includes('\r'))) return { bytes, withReturns: [] };
  let end = 0;
  let from = 0;
  for (let at = bytes.indexOf(CARRIAGE_RETURN); at >= 0; at = bytes.indexOf(CARRIAGE_RETURN, at + 1)) {
    if (bytes[at + 1] === NEWLINE) {
      bytes.copyWithin(end, from, at);
      end += at - from;
      from = at + 1;
    } else {
      bytes[at] = NEWLINE;
    }
  }
  if (from > 0) bytes.copyWithin(end, from);
  return { bytes: bytes.subarray(0, end + bytes.length - from) };
}
