import type { LogPosition } from '@raywire/core/internal';
import { RollingHash } from './rolling-hash.js';

/** The very beginning of a log. */
export const LOG_BEGINNING: LogPosition = { bytes: 0, hash: new RollingHash().state, lines: 0 };

const encoder = new TextEncoder();

/** Moves a position over text. One instance serves one tail: it keeps a scratch buffer. */
export class PositionWalker {
  #scratch = new Uint8Array(0);

  /** The position after `text`, which closes so many lines; a `\r` in it is a canonical `\n`. */
  after(from: LogPosition, text: string, lines: number): LogPosition {
    if (text === '') return from;
    const canonical = text.includes('\r') ? text.replaceAll('\r', '\n') : text;
    const scratch = this.#scratchFor(canonical.length * 3);
    const { written } = encoder.encodeInto(canonical, scratch);
    const hash = new RollingHash(from.hash);
    hash.update(scratch, written);
    return { bytes: from.bytes + written, hash: hash.state, lines: from.lines + lines };
  }

  #scratchFor(size: number): Uint8Array {
    if (size <= this.#scratch.length) return this.#scratch;
    const scratch = new Uint8Array(size);
    // A huge line is rare: its buffer is not kept.
    if (size <= KEPT_SCRATCH_BYTES) this.#scratch = scratch;
    return scratch;
  }
}

const KEPT_SCRATCH_BYTES = 1 << 20;

/** The text that lines take in the log. */
export function textOfLines(lines: readonly string[]): string {
  // The last newline by `join` too: appended, it would cost a copy of all of the text.
  return lines.length === 0 ? '' : lines.concat('').join('\n');
}
