import { LastLineStarts, Utf8 } from '@raywire/ray/internal';
import type { FileReader } from './followed-file.js';
import { presentLog } from './rotating-reader.js';

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
  const utf8 = new Utf8();
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
      total += utf8.length(text) + 1;
      starts.add(total);
    }
    total += utf8.length(rest);
  };
  const addPiece = (piece: string): void => {
    const hasReturns = piece.includes('\r');
    const end = 1 + Math.max(piece.lastIndexOf('\n'), hasReturns ? piece.lastIndexOf('\r') : -1);
    const whole = piece.slice(0, end);
    total += utf8.length(hasReturns ? whole.replaceAll('\r\n', '\n') : whole);
    if (end > 0) starts.add(total);
    total += utf8.length(piece.slice(end));
  };
  for await (const bytes of presentLog(reader)) add(text.decode(bytes, { stream: true }));
  add(text.decode());
  if (held !== '') {
    total += 1;
    starts.add(total);
  }
  return { total, beforeLastLines: starts.at(total, hasEnded) };
}
