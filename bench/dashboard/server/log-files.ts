import { BLOCK_LINES, blockOfLines, LINE_BYTES } from '../../server/log-lines.ts';

/** What a node agent writes to its socket at once. */
const CHUNK_BYTES = 256 * 1024;

/** A log file of any length that is nowhere: its block of lines repeats itself. */
export class LogFile {
  static readonly #block: Buffer = Buffer.from(`${blockOfLines().join('\n')}\n`);
  /** In bytes. */
  readonly size: number;

  constructor(lines: number) {
    if (LogFile.#block.length !== BLOCK_LINES * (LINE_BYTES + 1))
      throw new Error('a line is not as long as it should be');
    this.size = lines * (LINE_BYTES + 1);
  }

  /** The bytes from `start` to before `end`, without copying any. */
  *chunks(start: number, end: number): Generator<Buffer, void, void> {
    const block = LogFile.#block;
    for (let position = start; position < end; ) {
      const at = position % block.length;
      const chunk = block.subarray(at, Math.min(at + CHUNK_BYTES, at + (end - position)));
      yield chunk;
      position += chunk.length;
    }
  }
}
