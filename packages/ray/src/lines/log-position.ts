import type { LogPosition } from '@raywire/core/internal';
import { Utf8 } from '#utf8';
import type { DecodedLines } from '../source/log-source.js';
import { RollingHash } from './rolling-hash.js';

/** Whole lines, perhaps with what they are in the log. */
export type WholeLines = Pick<DecodedLines, 'lines' | 'text' | 'canonical'>;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The very beginning of a log. */
export const LOG_BEGINNING: LogPosition = { bytes: 0, hash: new RollingHash().state, lines: 0 };

/** Moves a position over a log. One instance serves one tail. */
export class PositionWalker {
  readonly #utf8 = new Utf8();

  /** The position after a part of a line. */
  afterText(from: LogPosition, text: string): LogPosition {
    return text === '' ? from : this.#after(from, this.#encoded(text), 0);
  }

  /** The position after whole lines. */
  afterLines(from: LogPosition, { lines, text, canonical }: WholeLines): LogPosition {
    if (lines.length === 0) return from;
    return this.#after(from, canonical?.bytes ?? this.#encoded(text ?? lines.slice()), lines.length);
  }

  /** How many bytes a text takes. */
  lengthOf(text: string): number {
    return this.#utf8.length(text);
  }

  #encoded(text: string | readonly string[]): Uint8Array {
    const bytes = typeof text === 'string' ? this.#utf8.encode(text) : this.#utf8.encodeLines(text);
    // A `\r` counts as a `\n`, as Ray's WebSocket sends it.
    for (let at = bytes.indexOf(CARRIAGE_RETURN); at >= 0; at = bytes.indexOf(CARRIAGE_RETURN, at + 1))
      bytes[at] = NEWLINE;
    return bytes;
  }

  #after(from: LogPosition, bytes: Uint8Array, lines: number): LogPosition {
    const hash = new RollingHash(from.hash);
    hash.update(bytes, bytes.length);
    return { bytes: from.bytes + bytes.length, hash: hash.state, lines: from.lines + lines };
  }
}
