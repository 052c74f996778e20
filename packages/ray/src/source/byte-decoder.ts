import type { LogFrame } from '@raywire/core';
import { canonicalBytes } from '#canonical-bytes';
import { ByteJoiner } from './byte-joiner.js';
import { LineCutter, withoutTrailingReturn } from './line-cutter.js';
import type { DecodedLines, LogDecoder } from './log-source.js';

const NEWLINE = 0x0a;
const NOTHING = new Uint8Array(0);

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

  /** @param offset where the first byte stands: a line begins there */
  constructor(offset: number) {
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
    if (end > 0) {
      this.#lineStart = this.#readTo - (bytes.length - end);
      // The copy is made first: what follows writes to the bytes.
      const next = bytes.slice(end);
      if (this.#rest !== undefined)
        decoded.canonical = canonicalBytes(bytes.subarray(0, end), [started, text], decoded.lines);
      this.#rest = next;
    } else if (this.#rest !== undefined) {
      this.#rest = bytes.slice();
    }
    if (decoded.folded !== '') this.#rest = undefined;
    decoded.offset = this.#lineStart;
    decoded.unfinished = this.#cutter.pending;
    if (this.#begin !== undefined) decoded.offsetBefore = this.#begin;
    this.#begin = undefined;
    return decoded;
  }

  finish(): DecodedLines {
    const cut = this.#cutter.push(this.#text.decode());
    const rest = this.#cutter.takeRest();
    return rest === '' ? cut : { ...cut, rest: withoutTrailingReturn(rest) };
  }
}

/** A frame of text, as browsers have it, in bytes. */
export function toBytes(frame: LogFrame): Uint8Array {
  return typeof frame === 'string' ? new TextEncoder().encode(frame) : frame;
}
