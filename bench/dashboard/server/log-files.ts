import { BLOCK_LINES, blockOfLines, type LineKind } from '../../lines/log-lines.ts';

/** What a node agent writes to its socket at once. */
const CHUNK_BYTES = 256 * 1024;

/** Log files of any length that are nowhere: their block of lines repeats itself. */
export class LogFiles {
  readonly #lines: string[];
  readonly #block: Buffer;

  constructor(kind: LineKind) {
    this.#lines = blockOfLines(kind);
    this.#block = Buffer.from(textOf(this.#lines));
  }

  /** The size of a file of so many lines, in bytes. */
  size(lines: number): number {
    const rest = this.#lines.slice(0, lines % BLOCK_LINES);
    return Math.floor(lines / BLOCK_LINES) * this.#block.length + Buffer.byteLength(textOf(rest));
  }

  /** The bytes from `start` to before `end` of a file that is long enough, without copying any. */
  *chunks(start: number, end: number): Generator<Buffer, void, void> {
    for (let position = start; position < end; ) {
      const at = position % this.#block.length;
      const chunk = this.#block.subarray(at, Math.min(at + CHUNK_BYTES, at + (end - position)));
      yield chunk;
      position += chunk.length;
    }
  }
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
