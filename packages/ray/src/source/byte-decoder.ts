import type { LogFrame } from '@raywire/core';
import { LineCutter } from './line-cutter.js';
import type { DecodedLines, LogDecoder, LogEnd } from './log-source.js';

const NEWLINE = 0x0a;

/**
 * Decodes the raw bytes of a log file: UTF-8 across frame borders, where an invalid byte becomes U+FFFD and never
 * ends anything. Its offsets are bytes of the file.
 */
export class ByteDecoder implements LogDecoder {
  readonly countsMessages = false;
  readonly #cutter = new LineCutter();
  readonly #text = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #endOf: () => LogEnd | undefined;
  #readTo: number;
  #lineStart: number;

  /**
   * @param offset where in the file the first byte stands
   * @param endOf what the orderly end of the connection means; asked once, then
   */
  constructor(offset: number, endOf: () => LogEnd | undefined) {
    this.#readTo = offset;
    this.#lineStart = offset;
    this.#endOf = endOf;
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
    return { ...this.#cutter.push(text), offset: this.#lineStart, unfinished: this.#cutter.pending };
  }

  finish(): DecodedLines {
    const cut = this.#cutter.push(this.#text.decode());
    const end = this.#endOf();
    const decoded: DecodedLines = { ...cut, unfinished: this.#cutter.takeRest() };
    return end === undefined ? decoded : { ...decoded, end };
  }
}
