import type { LogFrame } from '@raywire/core';
import type { DecodedLines, LogDecoder, LogEnd } from '@raywire/ray';
import { LineCutter } from '@raywire/ray/internal';

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

  decode(frames: readonly LogFrame[]): DecodedLines {
    const messages = frames.map((frame) =>
      typeof frame === 'string' ? frame : this.#bytes.decode(frame, { stream: true }),
    );
    return {
      ...this.#cutter.push(messages.join('')),
      messages: { count: messages.length, ends: () => lineEnds(messages) },
      unfinished: this.#cutter.pending,
    };
  }

  finish(): DecodedLines {
    const end = this.#endOf();
    return { lines: [], unfinished: this.#cutter.takeRest(), ...(end !== undefined && { end }) };
  }
}

/** How many newlines have come by the end of each message. */
function lineEnds(messages: readonly string[]): number[] {
  let count = 0;
  return messages.map((message) => {
    for (let at = message.indexOf('\n'); at >= 0; at = message.indexOf('\n', at + 1)) count++;
    return count;
  });
}
