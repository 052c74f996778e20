const KEPT_SCRATCH_BYTES = 1 << 20;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Puts frames together. One instance serves one connection: it keeps a scratch buffer, which each call overwrites. */
export class ByteJoiner {
  #scratch = new Uint8Array(0);

  /** All parts as one, with `between` after each but the last; it stays until the next call. */
  join(parts: readonly Uint8Array[], between?: number): Uint8Array {
    let size = parts.length;
    for (const part of parts) size += part.length;
    const joined = this.#scratchFor(size);
    let end = 0;
    for (const part of parts) {
      if (end > 0 && between !== undefined) joined[end++] = between;
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
 * The bytes of some lines without the `\r` of a `\r\n`, in place; `undefined` where they are not the UTF-8 of `text`,
 * which was decoded from them.
 */
export function canonicalBytes(bytes: Uint8Array, text: string): Uint8Array | undefined {
  if (text.includes('\ufffd')) return undefined;
  let end = -1;
  let from = 0;
  for (let at = bytes.indexOf(CARRIAGE_RETURN); at >= 0; at = bytes.indexOf(CARRIAGE_RETURN, at + 1)) {
    if (bytes[at + 1] !== NEWLINE) continue;
    if (end < 0) end = at;
    else {
      bytes.copyWithin(end, from, at);
      end += at - from;
    }
    from = at + 1;
  }
  if (end < 0) return bytes;
  bytes.copyWithin(end, from);
  return bytes.subarray(0, end + bytes.length - from);
}
