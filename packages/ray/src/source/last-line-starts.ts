const BLOCK_BYTES = 64 * 1024;
const LONGEST_BLOCK_BYTES = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Where the last lines of a log begin, found by reading it from its beginning. An unfinished line counts once its writer
 * has ended; before, it is not yet a line, and comes on top.
 */
export class LastLineStarts {
  readonly #lines: number;
  readonly #starts: number[];

  constructor(lines: number, start: number) {
    this.#lines = lines;
    this.#starts = [start];
  }

  /** A line has ended just before `position`. */
  add(position: number): void {
    this.#starts.push(position);
    if (this.#starts.length > this.#lines + 1) this.#starts.shift();
  }

  /** Where the last lines begin in a log that ends at `end`. */
  at(end: number, hasEnded: boolean): number {
    const starts = this.#starts;
    const isFinished = starts.at(-1) === end;
    const index = starts.length - this.#lines - (isFinished || !hasEnded ? 1 : 0);
    return starts[Math.max(index, 0)] ?? end;
  }
}

/**
 * The same, found by reading backwards from the end of the log.
 *
 * @param read gives the bytes from `start` to `end`, exclusive
 */
export async function startOfLastLines(
  lines: number,
  log: { start: number; end: number; hasEnded: boolean },
  read: (start: number, end: number) => Promise<Uint8Array>,
): Promise<number> {
  // The newline that ends the last line is not the border before it.
  let borders = lines + 1;
  let blockBytes = BLOCK_BYTES;
  for (let end = log.end; end > log.start; blockBytes = Math.min(blockBytes * 2, LONGEST_BLOCK_BYTES)) {
    const start = Math.max(log.start, end - blockBytes);
    const block = await read(start, end);
    if (end === log.end && log.hasEnded && block.at(-1) !== NEWLINE) borders -= 1;
    if (borders === 0) return log.end;
    for (
      let at = block.lastIndexOf(NEWLINE);
      at >= 0;
      at = at === 0 ? -1 : block.lastIndexOf(NEWLINE, at - 1)
    ) {
      borders -= 1;
      if (borders === 0) return start + at + 1;
    }
    end = start;
  }
  return log.start;
}
