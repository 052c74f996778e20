/** Remembers where the last lines of a log begin, while it is read from its beginning. */
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

  /**
   * Where the last lines begin in a log that ends at `end`. An unfinished line is one once its writer has ended; before,
   * it is not yet a line, and comes on top.
   */
  at(end: number, hasEnded: boolean): number {
    const starts = this.#starts;
    const isFinished = starts.at(-1) === end;
    const index = starts.length - this.#lines - (isFinished || !hasEnded ? 1 : 0);
    return starts[Math.max(index, 0)] ?? end;
  }
}
