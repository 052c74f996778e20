import type { CanonicalBytes } from '../source/log-source.js';
import { characterAt, ESCAPED, UNIT, writeCharacter } from './json-escapes.node.js';
import { type LinePiece, PackedLines } from './packed-lines.node.js';

/**
 * What nearly every event begins with before its text, in the few ways in which servers write it (Python's JSON has a
 * space after the colon).
 */
const COMMON_START = /^(?:data: )?\{(?:"type": ?"log", ?)?"message": ?"/;
/** Longer than any of these. */
const LONGEST_START = 64;
const [NEWLINE, CARRIAGE_RETURN, QUOTE, BACKSLASH, BRACE] = [0x0a, 0x0d, 0x22, 0x5c, 0x7d];
const [BACKSPACE, ESCAPE, BRACKET, COLOUR_END] = [0x08, 0x1b, 0x5b, 0x6d];
/** More than that is rare, and is not read here: its buffer would be kept. */
const MOST_BYTES = 1 << 20;
/** Lines that are decoded together are in memory as long as any of them: as few as make it worth it. */
const PIECE_BYTES = 2048;
/** Of the bytes in a word: set in all that are not ASCII. */
const HIGH_BITS = 0x80808080 | 0;
/**
 * Reads events that are written alike, each of one line, from their bytes straight into the bytes that the log has:
 * that takes less time than `JSON.parse`, and the tail's position needs those bytes anyway. An event that is out of the
 * ordinary is left to the caller. One instance serves one connection.
 */
export class EventRun {
  readonly #keepsReturns: boolean;
  #opening = new DataView(new ArrayBuffer(0));
  #source: DataView = new DataView(new ArrayBuffer(0));
  #sourceEnd = 0;
  #log = new DataView(new ArrayBuffer(0));
  #logEnd = 0;
  /** Of the line that was read last: where it ends, and whether it has more than ASCII or moves the cursor. */
  #lineEnd = 0;
  #isLineUrgent = false;
  /** Of the lines that were kept since the last `take`. */
  #pieces: LinePiece[] = [];
  #count = 0;
  #longest = 0;
  #withMoves: number[] = [];
  /** Where in `#log` a `\r`, a backspace or the ESC of a sequence that may move the cursor was written. */
  #moves: number[] = [];

  /** @param keepsReturns a `\r` at the end of a message belongs to its line */
  constructor(keepsReturns: boolean) {
    this.#keepsReturns = keepsReturns;
  }

  /** From now on, events are read from what a `ByteJoiner` has put together. */
  begin(source: Uint8Array): void {
    // Beyond its end are the bytes that the joiner spares: a quote there ends every search.
    this.#source = new DataView(source.buffer);
    this.#source.setUint8(source.length, QUOTE);
    this.#sourceEnd = source.length > MOST_BYTES ? 0 : source.length;
    this.#logEnd = 0;
    // A line is never longer than its event.
    if (this.#sourceEnd > this.#log.byteLength) this.#log = new DataView(new ArrayBuffer(source.length));
  }

  /**
   * Reads the event that begins at `start`; `keep` takes what was read in.
   *
   * @returns where it ends; -1 where it is out of the ordinary or does not end before `limit`
   */
  read(start: number, limit: number): number {
    const to = Math.min(limit, this.#sourceEnd);
    if (start >= to || !(this.#opens(start, to) || this.#learn(start, to))) return -1;
    const end = this.#readText(start + this.#opening.byteLength, to);
    return end >= 0 && end < to && this.#source.getUint8(end) === BRACE ? end + 1 : -1;
  }

  /** Takes in the line that was read last. */
  keep(): void {
    const start = this.#logEnd;
    const piece = this.#pieces.at(-1);
    const isUrgent = this.#isLineUrgent;
    if (piece === undefined || isUrgent !== piece.isUrgent || this.#lineEnd - piece.start > PIECE_BYTES)
      this.#pieces.push({ start, linesBefore: this.#count, isUrgent });
    if (isUrgent && (this.#moves.at(-1) ?? -1) >= start) this.#withMoves.push(this.#count);
    this.#longest = Math.max(this.#longest, this.#lineEnd - start);
    this.#count++;
    this.#logEnd = this.#lineEnd;
  }

  /** The lines kept since the last `take`, good until `begin`; `undefined` if they are not UTF-8. */
  take(): { lines: PackedLines; canonical: CanonicalBytes } | undefined {
    const [pieces, count, withMoves, longest] = [this.#pieces, this.#count, this.#withMoves, this.#longest];
    const moves = this.#moves;
    this.#pieces = [];
    this.#count = 0;
    this.#longest = 0;
    this.#withMoves = [];
    this.#moves = [];
    const bytes = new Uint8Array(this.#log.buffer, 0, this.#logEnd);
    try {
      const lines = new PackedLines(bytes, pieces, count);
      for (const at of moves) if (bytes[at] === CARRIAGE_RETURN) bytes[at] = NEWLINE;
      return { lines, canonical: { bytes: bytes.subarray(pieces[0]?.start), withMoves, longest } };
    } catch {
      return undefined;
    }
  }

  #opens(start: number, limit: number): boolean {
    const opening = this.#opening;
    const { byteLength } = opening;
    if (byteLength === 0 || limit - start < byteLength) return false;
    for (let at = byteLength - 4; at > 0; at -= 4) {
      if (this.#source.getInt32(start + at) !== opening.getInt32(at)) return false;
    }
    return this.#source.getInt32(start) === opening.getInt32(0);
  }

  #learn(start: number, limit: number): boolean {
    const { buffer, byteOffset } = this.#source;
    const bytes = new Uint8Array(buffer, byteOffset + start, Math.min(limit - start, LONGEST_START));
    const opening = COMMON_START.exec(String.fromCharCode(...bytes))?.[0];
    if (opening === undefined) return false;
    this.#opening = new DataView(new TextEncoder().encode(opening).buffer);
    return true;
  }

  /** Where the text ends, after its quote; -1 where it is not to be read here. */
  #readText(start: number, limit: number): number {
    const source = this.#source;
    const log = this.#log;
    let from = start;
    let to = this.#logEnd;
    let seen = 0;
    while (from < limit) {
      let word = source.getInt32(from, true);
      let special = specialsOf(word);
      while (special === 0) {
        log.setInt32(to, word, true);
        seen |= word;
        from += 4;
        to += 4;
        word = source.getInt32(from, true);
        special = specialsOf(word);
      }
      // What is written behind the special one is written over.
      log.setInt32(to, word, true);
      const plain = (31 - Math.clz32(special & -special)) >> 3;
      // Of the bytes before it.
      seen |= word & ((1 << (plain * 8)) - 1);
      from += plain;
      to += plain;
      const byte = source.getUint8(from++);
      if (byte === QUOTE) {
        if (!this.#keepsReturns && to > this.#logEnd && log.getUint8(to - 1) === CARRIAGE_RETURN) to--;
        log.setUint8(to, NEWLINE);
        this.#lineEnd = to + 1;
        this.#isLineUrgent = (seen & HIGH_BITS) !== 0 || (this.#moves.at(-1) ?? -1) >= this.#logEnd;
        return from;
      }
      if (byte !== BACKSLASH) return -1;
      const meaning = ESCAPED[source.getUint8(from++)] as number;
      if (meaning === 0) return -1;
      if (meaning !== UNIT) {
        if (meaning === CARRIAGE_RETURN || meaning === BACKSPACE) this.#moves.push(to);
        log.setUint8(to++, meaning);
        continue;
      }
      const character = characterAt(source, from);
      if (character === 0 || character === NEWLINE) return -1;
      if (character > 0x7f) seen = HIGH_BITS;
      from += character > 0xffff ? 10 : 4;
      if (
        character === CARRIAGE_RETURN ||
        character === BACKSPACE ||
        (character === ESCAPE && this.#mayMove(from))
      )
        this.#moves.push(to);
      to = writeCharacter(log, to, character);
    }
    return -1;
  }

  /** Whether the control sequence that goes on at `start` is not one for colours. */
  #mayMove(start: number): boolean {
    if (this.#source.getUint8(start) !== BRACKET) return false;
    let end = start + 1;
    // Its parameters: digits and some punctuation.
    while (this.#source.getUint8(end) >> 4 === 3) end++;
    return this.#source.getUint8(end) !== COLOUR_END;
  }
}

/** The highest bit of the first byte that is a quote, a backslash or a control character; 0: four bytes of text. */
function specialsOf(word: number): number {
  // Turns a quote into 0x20, and nothing else into that or less but control characters.
  const quote = word ^ 0x02020202;
  const backslash = word ^ 0x5c5c5c5c;
  return (((quote - 0x21212121) & ~quote) | ((backslash - 0x01010101) & ~backslash)) & HIGH_BITS;
}
