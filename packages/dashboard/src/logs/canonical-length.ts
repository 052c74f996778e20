import type { FileReader } from './followed-file.js';
import { LastLineStarts } from './last-line-starts.js';

const encoder = new TextEncoder();
const PIECE_CHARACTERS = 64 * 1024;

/** UTF-8 bytes of a text, without making them all. */
export class Utf8Counter {
  readonly #scratch = new Uint8Array(PIECE_CHARACTERS * 3);

  count(text: string): number {
    let bytes = 0;
    for (let start = 0; start < text.length; ) {
      const end = endOfPiece(text, start + PIECE_CHARACTERS);
      const piece = start === 0 && end === text.length ? text : text.slice(start, end);
      bytes += encoder.encodeInto(piece, this.#scratch).written;
      start = end;
    }
    return bytes;
  }
}

/** Not in the middle of a character of two units. */
function endOfPiece(text: string, end: number): number {
  if (end >= text.length) return text.length;
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}

/** A log as Ray's WebSocket tells it: decoded, with `\r\n` and `\r` as `\n`. */
export interface CanonicalLength {
  /** Canonical bytes of the whole log. */
  total: number;
  /** Canonical bytes before its last lines. */
  beforeLastLines: number;
}

/** Reads all of a file once, and measures it. */
export async function measureCanonical(
  reader: FileReader,
  lines: number,
  hasEnded: boolean,
): Promise<CanonicalLength> {
  const text = new TextDecoder('utf-8', { ignoreBOM: true });
  const counter = new Utf8Counter();
  const starts = new LastLineStarts(lines, 0);
  let total = 0;
  // A `\r` at the end of a piece may be half of a `\r\n`.
  let held = '';
  const add = (decoded: string): void => {
    const raw = held + decoded;
    held = raw.endsWith('\r') ? '\r' : '';
    const piece = held === '' ? raw : raw.slice(0, -1);
    // Line by line only where lines are looked for: to prove the end of a long log, its length is enough.
    if (lines > 0) addLines(piece);
    else addPiece(piece);
  };
  const addLines = (piece: string): void => {
    const texts = piece.split(/\r\n?|\n/);
    const rest = texts.pop() as string;
    for (const text of texts) {
      total += counter.count(text) + 1;
      starts.add(total);
    }
    total += counter.count(rest);
  };
  const addPiece = (piece: string): void => {
    const hasReturns = piece.includes('\r');
    const end = 1 + Math.max(piece.lastIndexOf('\n'), hasReturns ? piece.lastIndexOf('\r') : -1);
    const whole = piece.slice(0, end);
    total += counter.count(hasReturns ? whole.replaceAll('\r\n', '\n') : whole);
    if (end > 0) starts.add(total);
    total += counter.count(piece.slice(end));
  };
  const { frames } = await reader.open(0);
  for await (const frame of frames) add(text.decode(frame as Uint8Array, { stream: true }));
  add(text.decode());
  if (held !== '') {
    total += 1;
    starts.add(total);
  }
  return { total, beforeLastLines: starts.at(total, hasEnded) };
}
