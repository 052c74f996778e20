import {
  type EventFormat,
  encodeBytes,
  encodeEvent,
  encodeLines,
  encodeSseText,
  sseText,
} from './encode-event.js';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** Events of one line each that are written at once: bounds what a batch of short lines grows to in memory. */
const LINES_PER_WRITE = 256;

/** Whole lines of a log, from byte `start` to byte `end`, encoded at most once for each format. */
export class LogBatch {
  readonly start: number;
  readonly end: number;
  readonly #bytes: Uint8Array;
  readonly #encoded: { format: EventFormat; parts: readonly Buffer[] }[] = [];

  constructor(start: number, bytes: Uint8Array) {
    this.start = start;
    this.end = start + bytes.length;
    this.#bytes = bytes;
  }

  get byteLength(): number {
    return this.#bytes.length;
  }

  /** The events as they go over the socket. A part is what a sink writes before it waits for its reader. */
  encode(format: EventFormat): readonly Buffer[] {
    const { framing, lines, ids } = format;
    const known = this.#encoded.find(
      ({ format: other }) => other.framing === framing && other.lines === lines && other.ids === ids,
    );
    if (known !== undefined) return known.parts;
    const parts =
      lines === 'each'
        ? this.#encodeLines(format)
        : [lines === 'bytes' ? encodeBytes(this.#bytes) : this.#encodeBatch(format)];
    this.#encoded.push({ format, parts });
    return parts;
  }

  #encodeBatch(format: EventFormat): Buffer {
    let text = decode(this.#bytes);
    if (text.includes('\r\n')) text = text.replaceAll('\r\n', '\n');
    // The unterminated last line of an ended job: every line of a batch ends with a newline.
    if (this.#bytes.at(-1) !== NEWLINE) text += '\n';
    return encodeLines(text, this.end, format);
  }

  #encodeLines(format: EventFormat): Buffer[] {
    const parts: Buffer[] = [];
    for (let start = 0; start < this.#bytes.length; ) {
      const events: { type: 'log'; message: string; offset: number }[] = [];
      while (events.length < LINES_PER_WRITE && start < this.#bytes.length) {
        const { message, next } = this.#lineAt(start);
        events.push({ type: 'log', message, offset: this.start + next });
        start = next;
      }
      parts.push(
        format.framing === 'websocket'
          ? Buffer.concat(events.map((event) => encodeEvent(event, format)))
          : encodeSseText(
              events.map((event) => sseText(JSON.stringify(event), event.offset, format)).join(''),
              format,
            ),
      );
    }
    return parts;
  }

  #lineAt(start: number): { message: string; next: number } {
    const bytes = this.#bytes;
    const newline = bytes.indexOf(NEWLINE, start);
    const next = newline < 0 ? bytes.length : newline + 1;
    let stop = newline < 0 ? bytes.length : newline;
    if (newline > start && bytes[newline - 1] === CARRIAGE_RETURN) stop -= 1;
    return { message: decode(bytes.subarray(start, stop)), next };
  }
}

// Without `stream: true` a decoder keeps no state between calls: one serves all.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
