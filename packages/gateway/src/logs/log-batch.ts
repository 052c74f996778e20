/** How a reader wants its events; readers with the same wish share the encoded bytes. */
export interface EventFormat {
  wire: 'websocket' | 'sse';
  /** Many lines a message (`?batch=1`). */
  batch: boolean;
  /** SSE `id:` lines; Python's client would take them for log text. */
  ids: boolean;
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** Events of one line each that are written at once: bounds what a batch of short lines grows to in memory. */
const LINES_PER_FRAME = 256;

/** Whole lines of a log, from byte `start` to byte `end`, encoded at most once for each format. */
export class LogBatch {
  readonly start: number;
  readonly end: number;
  readonly #bytes: Uint8Array;
  readonly #encoded = new Map<string, Buffer[][]>();

  constructor(start: number, bytes: Uint8Array) {
    this.start = start;
    this.end = start + bytes.length;
    this.#bytes = bytes;
  }

  get byteLength(): number {
    return this.#bytes.length;
  }

  /**
   * Groups of frames: a frame is one message (WebSocket) or any number of events (SSE), a group is what a sink
   * writes before it waits for its reader.
   */
  frames(format: EventFormat): Buffer[][] {
    const key = `${format.wire} ${format.batch} ${format.ids}`;
    let groups = this.#encoded.get(key);
    if (groups === undefined) {
      groups = format.batch ? [[this.#encodeBatch(format)]] : this.#encodeLines(format);
      this.#encoded.set(key, groups);
    }
    return groups;
  }

  #encodeBatch(format: EventFormat): Buffer {
    let text = decode(this.#bytes);
    if (text.includes('\r\n')) text = text.replaceAll('\r\n', '\n');
    // The unterminated last line of an ended job: every line of a batch ends with a newline.
    if (this.#bytes.at(-1) !== NEWLINE) text += '\n';
    return encodeEvent({ type: 'log', message: text, offset: this.end }, format);
  }

  #encodeLines(format: EventFormat): Buffer[][] {
    const bytes = this.#bytes;
    const groups: Buffer[][] = [];
    let group: Buffer[] = [];
    for (let start = 0; start < bytes.length; ) {
      const newline = bytes.indexOf(NEWLINE, start);
      const next = newline < 0 ? bytes.length : newline + 1;
      let stop = newline < 0 ? bytes.length : newline;
      if (newline > start && bytes[newline - 1] === CARRIAGE_RETURN) stop -= 1;
      const message = decode(bytes.subarray(start, stop));
      group.push(encodeEvent({ type: 'log', message, offset: this.start + next }, format));
      start = next;
      if (group.length === LINES_PER_FRAME || start === bytes.length) {
        groups.push(format.wire === 'sse' ? [Buffer.concat(group)] : group);
        group = [];
      }
    }
    return groups;
  }
}

/** One event as it goes over the wire. Events without an `offset` move no cursor, so they have no `id:`. */
export function encodeEvent(
  event: { type: string; offset?: number; [field: string]: unknown },
  format: EventFormat,
): Buffer {
  const json = JSON.stringify(event);
  if (format.wire === 'websocket') return Buffer.from(json);
  // Python's `iter_lines` also cuts at these three, which JSON leaves as they are.
  if (!format.ids) return Buffer.from(`data: ${json.replace(/[\u0085\u2028\u2029]/g, escapeUnit)}\n\n`);
  const id = event.offset !== undefined ? `id: ${event.offset}\n` : '';
  return Buffer.from(`${id}data: ${json}\n\n`);
}

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

// Without `stream: true` a decoder keeps no state between calls: one serves all.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
