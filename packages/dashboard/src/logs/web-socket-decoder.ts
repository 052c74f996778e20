import type { LogFrame } from '@raywire/core';
import type { DecodedLines, LogDecoder, LogEnd } from '@raywire/ray';
import { LineCutter, Utf8 } from '@raywire/ray/internal';

/** A part of a log, in canonical bytes; both ends are those of lines. */
export interface CanonicalPart {
  from: number;
  /** The log ends here for its reader, and what that means; `undefined`: it is followed. */
  to: { bytes: number; end: LogEnd } | undefined;
}

/** Decodes Ray's WebSocket: text, cut into messages at will. Its places in the log are not those of the file. */
export class WebSocketDecoder implements LogDecoder {
  readonly #cutter = new LineCutter();
  readonly #bytes = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #utf8 = new Utf8();
  readonly #part: CanonicalPart | undefined;
  #position = 0;

  /** @param part what of the replay is wanted; `undefined`: all of it */
  constructor(part?: CanonicalPart) {
    this.#part = part;
  }

  decode(frames: readonly LogFrame[]): DecodedLines {
    const messages = frames.map((frame) =>
      typeof frame === 'string' ? frame : this.#bytes.decode(frame, { stream: true }),
    );
    const to = this.#part?.to;
    const wanted = this.#part === undefined ? messages : messages.map((text) => this.#cut(text));
    const decoded: DecodedLines = {
      ...this.#cutter.push(wanted.join('')),
      messages: { count: wanted.length, starts: () => lineStarts(wanted) },
      unfinished: this.#cutter.pending,
    };
    if (to === undefined || this.#position < to.bytes) return decoded;
    return { ...decoded, end: to.end, ...(to.end.type === 'complete' && this.finish()) };
  }

  finish(): Pick<DecodedLines, 'lines' | 'rest'> {
    const rest = this.#cutter.takeRest();
    return rest === '' ? { lines: [] } : { lines: [], rest };
  }

  #cut(text: string): string {
    const { from, to } = this.#part as CanonicalPart;
    const start = this.#position;
    this.#position += this.#utf8.length(text);
    const end = to?.bytes ?? Number.POSITIVE_INFINITY;
    if (start >= from && this.#position <= end) return text;
    const bytes = new TextEncoder().encode(text);
    const part = bytes.subarray(clamp(from - start, bytes.length), clamp(end - start, bytes.length));
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(part);
  }
}

function clamp(position: number, length: number): number {
  return Math.max(0, Math.min(position, length));
}

/** How many newlines have come before each message. */
function lineStarts(messages: readonly string[]): number[] {
  let count = 0;
  return messages.map((message) => {
    const start = count;
    for (let at = message.indexOf('\n'); at >= 0; at = message.indexOf('\n', at + 1)) count++;
    return start;
  });
}
