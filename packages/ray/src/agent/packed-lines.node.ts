import type { LineList } from '../source/log-source.js';

/** Some whole lines that are decoded together. */
export interface LinePiece {
  /** Where its bytes begin. */
  start: number;
  /** How many lines there are before it. */
  linesBefore: number;
  /** Whether its bytes must be decoded at once: they are going to change, or may not be UTF-8. */
  isUrgent: boolean;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Lines that are in the bytes of a log until somebody reads them, a piece at a time: so that lines that wait do not live
 * long enough to cost V8's garbage collector anything. They are good as long as the bytes are.
 */
export class PackedLines implements LineList {
  readonly length: number;
  readonly #bytes: Uint8Array;
  readonly #pieces: readonly LinePiece[];
  readonly #urgent = new Map<LinePiece, string[]>();
  #piece = -1;
  #first = 0;
  #lines: string[] = [];

  /** @throws {TypeError} when the bytes are not UTF-8 */
  constructor(bytes: Uint8Array, pieces: readonly LinePiece[], length: number) {
    this.#bytes = bytes;
    this.#pieces = pieces;
    this.length = length;
    pieces.forEach((piece, index) => {
      if (piece.isUrgent) this.#urgent.set(piece, this.#decode(index));
    });
  }

  at(index: number): string | undefined {
    const line = this.#lines[index - this.#first];
    return line !== undefined || index >= this.length ? line : this.#find(index);
  }

  slice(start = 0, end: number = this.length): string[] {
    const lines: string[] = [];
    for (let index = start; index < Math.min(end, this.length); index++) lines.push(this.at(index) as string);
    return lines;
  }

  #find(index: number): string | undefined {
    const pieces = this.#pieces;
    // Nearly always the next one.
    if (index < this.#first) this.#piece = -1;
    do this.#piece++;
    while ((pieces[this.#piece + 1]?.linesBefore ?? this.length) <= index);
    const piece = pieces[this.#piece] as LinePiece;
    this.#first = piece.linesBefore;
    this.#lines = this.#urgent.get(piece) ?? this.#decode(this.#piece);
    return this.#lines[index - this.#first];
  }

  #decode(piece: number): string[] {
    const [{ start } = { start: 0 }, next] = this.#pieces.slice(piece, piece + 2);
    const text = UTF8.decode(this.#bytes.subarray(start, next?.start));
    const lines: string[] = [];
    let from = 0;
    // `split` takes twice the time for so few lines.
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      lines.push(text.slice(from, end));
      from = end + 1;
    }
    return lines;
  }
}
