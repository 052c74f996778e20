import type { LogPosition } from '@raywire/core/internal';
import { RollingHash } from './rolling-hash.js';
import { Utf8 } from './utf8.js';

/** The very beginning of a log. */
export const LOG_BEGINNING: LogPosition = { bytes: 0, hash: new RollingHash().state, lines: 0 };

/** Moves a position over text. One instance serves one tail. */
export class PositionWalker {
  readonly #utf8 = new Utf8();

  /** The position after `text`, which closes so many lines; a `\r` in it is a canonical `\n`. */
  after(from: LogPosition, text: string, lines: number): LogPosition {
    if (text === '') return from;
    const bytes = this.#utf8.encode(text.includes('\r') ? text.replaceAll('\r', '\n') : text);
    const hash = new RollingHash(from.hash);
    hash.update(bytes, bytes.length);
    return { bytes: from.bytes + bytes.length, hash: hash.state, lines: from.lines + lines };
  }

  /** How many bytes a text takes. */
  lengthOf(text: string): number {
    return this.#utf8.length(text);
  }
}

/** The text that lines take in the log. */
export function textOfLines(lines: readonly string[]): string {
  // The last newline by `join` too: appended, it would cost a copy of all of the text.
  return lines.length === 0 ? '' : lines.concat('').join('\n');
}
