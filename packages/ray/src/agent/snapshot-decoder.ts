import { type LogFrame, ServerError } from '@raywire/core';
import { LineCutter, withoutTrailingReturn } from '../source/line-cutter.js';
import { logBodyText } from '../source/log-body-text.js';
import type { DecodedLines, LogDecoder } from '../source/log-source.js';

/** Decodes the whole log of a finite read: plain text, or one JSON string. */
export class SnapshotDecoder implements LogDecoder {
  readonly #keepsLastReturn: boolean;
  readonly #text;
  readonly #cutter = new LineCutter();

  /** @param additions whether the server is a Raywire gateway, which keeps the `\r` at the very end of a log */
  constructor(contentType: string | undefined, additions: boolean) {
    this.#text = logBodyText(contentType);
    this.#keepsLastReturn = additions;
  }

  /** @throws {ServerError} `UNEXPECTED_RESPONSE` when the body is not what it says */
  decode(frames: readonly LogFrame[]): DecodedLines {
    let text = '';
    for (const frame of frames) {
      if (typeof frame === 'string') throw new ServerError({ message: 'A log body should come as bytes.' });
      text += this.#text.push(frame);
    }
    return this.#cutter.push(text);
  }

  finish(): DecodedLines {
    const cut = this.#cutter.push(this.#text.end());
    const rest = this.#cutter.takeRest();
    if (rest === '') return cut;
    return { ...cut, rest: this.#keepsLastReturn ? rest : withoutTrailingReturn(rest) };
  }
}
