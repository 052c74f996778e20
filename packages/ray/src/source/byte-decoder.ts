import type { LogFrame } from '@raywire/core';
import { canonicalBytes } from '#canonical-bytes';
import { ByteJoiner } from './byte-joiner.js';
import { linesThatMove } from './cursor-moves.js';
import { LineCutter, withoutTrailingReturn } from './line-cutter.js';
import type { DecodedLines, LogDecoder } from './log-source.js';

const NEWLINE = 0x0a;
const NOTHING = new Uint8Array(0);
/** What an anchor is made of. */
const BEFORE_BYTES = 8_192;

/**
 * Decodes the bytes of a log: UTF-8 across frame borders, where an invalid byte becomes U+FFFD and never ends anything.
 * Its offsets are bytes of the log.
 */
export class ByteDecoder implements LogDecoder {
  readonly #joiner = new ByteJoiner();
  readonly #cutter = new LineCutter();
  readonly #text = new TextDecoder('utf-8', { ignoreBOM: true });
  /** The bytes of the unfinished line; `undefined` once a part of it has left the cutter. */
  #rest: Uint8Array | undefined = NOTHING;
  #begin: number | undefined;
  #readTo: number;
  #lineStart: number;
  /** The bytes before `#readTo`, and before `#lineStart`; `undefined` where nobody asks for them. */
  #recent: Uint8Array | undefined;
  #before: Uint8Array = NOTHING;

  /**
   * @param offset where the first byte stands: a line begins there
   * @param keepsBefore the bytes before each offset are told
   */
  constructor(offset: number, keepsBefore: boolean = false) {
    if (keepsBefore) this.#recent = NOTHING;
    this.#begin = offset;
    this.#readTo = offset;
    this.#lineStart = offset;
  }

  decode(frames: readonly LogFrame[]): DecodedLines {
    const rest = this.#rest ?? NOTHING;
    const bytes = this.#joiner.join([rest, ...frames.map(toBytes)]);
    const fresh = bytes.subarray(rest.length);
    const started = this.#cutter.pending;
    const text = this.#text.decode(fresh, { stream: true });
    const decoded: DecodedLines & { folded: string; lines: string[] } = this.#cutter.push(text);
    this.#readTo += fresh.length;
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    this.#remember(fresh, end - rest.length);
    if (end > 0) {
      this.#lineStart = this.#readTo - (bytes.length - end);
      // The copy is made first: what follows writes to the bytes.
      const next = bytes.slice(end);
      if (this.#rest !== undefined)
        decoded.canonical = canonicalBytes(bytes.subarray(0, end), [started, text], () =>
          linesThatMove(decoded.lines, [started, text]),
        );
      this.#rest = next;
    } else if (this.#rest !== undefined) {
      this.#rest = bytes.slice();
    }
    if (decoded.folded !== '') this.#rest = undefined;
    decoded.offset = this.#lineStart;
    if (this.#recent !== undefined) decoded.before = this.#before;
    decoded.unfinished = this.#cutter.pending;
    if (this.#begin !== undefined) decoded.offsetBefore = this.#begin;
    this.#begin = undefined;
    return decoded;
  }

  /** @param end of the last line in `fresh`, if it is there */
  #remember(fresh: Uint8Array, end: number): void {
    if (this.#recent === undefined) return;
    if (end > 0) this.#before = lastBytes(this.#recent, fresh.subarray(0, end));
    this.#recent = lastBytes(this.#recent, fresh);
  }

  finish(): DecodedLines {
    const cut = this.#cutter.push(this.#text.decode());
    const rest = this.#cutter.takeRest();
    return rest === '' ? cut : { ...cut, rest: withoutTrailingReturn(rest) };
  }
}

function lastBytes(before: Uint8Array, bytes: Uint8Array): Uint8Array {
  const kept = Math.min(before.length, Math.max(0, BEFORE_BYTES - bytes.length));
  const last = new Uint8Array(kept + Math.min(bytes.length, BEFORE_BYTES));
  last.set(before.subarray(before.length - kept));
  last.set(bytes.subarray(Math.max(0, bytes.length - BEFORE_BYTES)), kept);
  return last;
}

/** A frame of text, as browsers have it, in bytes. */
export function toBytes(frame: LogFrame): Uint8Array {
  return typeof frame === 'string' ? new TextEncoder().encode(frame) : frame;
}
