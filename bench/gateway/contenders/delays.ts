/** What a reader of timed lines prints: one line of JSON. In milliseconds, of each line that counts. */
export interface Delays {
  delays: number[];
}

/** Notes how long ago the lines of `jobs/timed-lines.ts` were printed. The first ones find everything cold. */
export class DelayMeter {
  readonly #lines: number;
  readonly #uncounted: number;
  readonly #delays: number[] = [];
  #next = 0;

  constructor(lines: number, uncounted: number) {
    this.#lines = lines;
    this.#uncounted = uncounted;
  }

  /** @throws {Error} when it is not the line that comes next */
  note(line: string): void {
    const now = process.hrtime.bigint();
    const [number, time] = line.split(' ', 2);
    if (Number(number) !== this.#next) throw new Error(`Line ${number} came in place of line ${this.#next}`);
    if (this.#next >= this.#uncounted) this.#delays.push(Number(now - BigInt(time as string)) / 1e6);
    this.#next += 1;
  }

  get isComplete(): boolean {
    return this.#next === this.#lines;
  }

  /** @throws {Error} when a line is missing */
  print(): void {
    if (!this.isComplete) throw new Error(`${this.#next} of ${this.#lines} lines came`);
    const printed: Delays = { delays: this.#delays };
    process.stdout.write(`${JSON.stringify(printed)}\n`);
  }
}
