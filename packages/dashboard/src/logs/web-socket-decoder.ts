import type { LogFrame } from '@raywire/core';
import { type DecodedLog, LineCutter, type LogDecoder, type LogEnd } from '@raywire/ray';

/** Decodes Ray's WebSocket: text, cut into messages at will. Its places in the log are not those of the file. */
export class WebSocketDecoder implements LogDecoder {
  readonly countsMessages = true;
  readonly #cutter = new LineCutter();
  readonly #bytes = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #endOf: () => LogEnd | undefined;

  /** @param endOf what the close of the connection meant; asked once, then */
  constructor(endOf: () => LogEnd | undefined) {
    this.#endOf = endOf;
  }

  decode(frames: readonly LogFrame[]): DecodedLog {
    const messageEnds: number[] = [];
    let text = '';
    let count = 0;
    for (const frame of frames) {
      const message = typeof frame === 'string' ? frame : this.#bytes.decode(frame, { stream: true });
      for (let at = message.indexOf('\n'); at >= 0; at = message.indexOf('\n', at + 1)) count++;
      messageEnds.push(count);
      text += message;
    }
    const { lines, folded } = this.#cutter.push(text);
    return { lines, messageEnds, folded, unfinished: this.#cutter.pending };
  }

  finish(): DecodedLog {
    const end = this.#endOf();
    return { lines: [], unfinished: this.#cutter.takeRest(), ...(end !== undefined && { end }) };
  }
}
