const PIECE_CHARACTERS = 64 * 1024;
/** A huge line is rare: its buffer is not kept. */
const KEPT_SCRATCH_BYTES = 1 << 20;
const NEWLINE = 0x0a;

/** UTF-8 of texts. One instance serves one reader: it keeps a scratch buffer, which each call overwrites. */
export class Utf8 {
  readonly #encoder = new TextEncoder();
  #scratch = new Uint8Array(0);
  #isWide = false;

  /** The bytes of a text; they stay until the next call. */
  encode(text: string): Uint8Array {
    const scratch = this.#scratchFor(text.length * 3);
    return scratch.subarray(0, this.#encoder.encodeInto(text, scratch).written);
  }

  /** The bytes of lines, each with its newline; they stay until the next call. */
  encodeLines(lines: readonly string[]): Uint8Array {
    // One wide character makes all of a joined text wide, and that is slow to encode: then line by line is faster.
    if (this.#isWide) return this.#encodeEach(lines);
    const text = lines.length === 0 ? '' : lines.concat('').join('\n');
    const bytes = this.encode(text);
    this.#isWide = bytes.length > text.length;
    return bytes;
  }

  /** How many bytes a text takes, without making them all. */
  length(text: string): number {
    let bytes = 0;
    for (let start = 0; start < text.length; ) {
      const end = endOfPiece(text, start + PIECE_CHARACTERS);
      bytes += this.encode(start === 0 && end === text.length ? text : text.slice(start, end)).length;
      start = end;
    }
    return bytes;
  }

  #encodeEach(lines: readonly string[]): Uint8Array {
    let characters = 0;
    for (const line of lines) characters += line.length;
    const scratch = this.#scratchFor(characters * 3 + lines.length);
    let end = 0;
    for (const line of lines) {
      end += this.#encoder.encodeInto(line, scratch.subarray(end)).written;
      scratch[end++] = NEWLINE;
    }
    this.#isWide = end > characters + lines.length;
    return scratch.subarray(0, end);
  }

  #scratchFor(size: number): Uint8Array {
    if (size <= this.#scratch.length) return this.#scratch;
    const scratch = new Uint8Array(size);
    if (size <= KEPT_SCRATCH_BYTES) this.#scratch = scratch;
    return scratch;
  }
}

/** Not in the middle of a character of two units. */
function endOfPiece(text: string, end: number): number {
  if (end >= text.length) return text.length;
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}
