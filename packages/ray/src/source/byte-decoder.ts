import type { LogFrame } from '@raywire/core';
import { LineCutter, withoutTrailingReturn } from './line-cutter.js';
import type { DecodedLines, LogDecoder } from './log-source.js';

const NEWLINE = 0x0a;

/**
 * Decodes the bytes of a log: UTF-8 across frame borders, where an invalid byte becomes U+FFFD and never ends anything.
 * Its offsets are bytes of the log.
 */
export class ByteDecoder implements LogDecoder {
  readonly #cutter = new LineCutter();
  readonly #text = new TextDecoder('utf-8', { ignoreBOM: true });
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
    let text = '';
    for (const frame of frames) {
      const bytes = typeof frame === 'string' ? new TextEncoder().encode(frame) : frame;
      const lastNewline = bytes.lastIndexOf(NEWLINE);
      if (lastNewline >= 0) this.#lineStart = this.#readTo + lastNewline + 1;
      this.#readTo += bytes.length;
      text += this.#text.decode(bytes, { stream: true });
    }
    const decoded: DecodedLines = this.#cutter.push(text);
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
