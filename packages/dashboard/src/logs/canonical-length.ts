import type { FileReader } from './followed-file.js';
import { LastLineStarts } from './last-line-starts.js';

const encoder = new TextEncoder();
const SCRATCH_BYTES = 256 * 1024;

/** UTF-8 bytes of a text, without making them. */
export class Utf8Counter {
  readonly #scratch = new Uint8Array(SCRATCH_BYTES);

  count(text: string): number {
    if (text.length * 3 > this.#scratch.length) return encoder.encode(text).length;
    return encoder.encodeInto(text, this.#scratch).written;
  }
}

/** A log as Ray's WebSocket tells it: decoded, with `\r\n` and `\r` as `\n`. */
export interface CanonicalLength {
  /** Canonical bytes of the whole log. */
  total: number;
  /** Canonical bytes before its last lines. */
  beforeLastLines: number;
}

/** Reads all of a file once, and measures it. */
export async function measureCanonical(reader: FileReader, lines: number): Promise<CanonicalLength> {
  const text = new TextDecoder('utf-8', { ignoreBOM: true });
  const counter = new Utf8Counter();
  const starts = new LastLineStarts(lines, 0);
  let total = 0;
  // A `\r` at the end of a piece may be half of a `\r\n`.
  let held = '';
  const add = (decoded: string): void => {
    const raw = held + decoded;
    held = raw.endsWith('\r') ? '\r' : '';
    const pieces = raw.slice(0, raw.length - held.length).split(/\r\n?|\n/);
    const rest = pieces.pop() as string;
    for (const piece of pieces) {
      total += counter.count(piece) + 1;
      starts.add(total);
    }
    total += counter.count(rest);
  };
  const { frames } = await reader.open(0);
  for await (const frame of frames) add(text.decode(frame as Uint8Array, { stream: true }));
  add(text.decode());
  if (held !== '') {
    total += 1;
    starts.add(total);
  }
  return { total, beforeLastLines: starts.at(total) };
}
