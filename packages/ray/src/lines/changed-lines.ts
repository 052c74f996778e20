import type { LineList } from '../source/log-source.js';

/** Lines of which some are delivered otherwise than the log has them. */
export class ChangedLines implements LineList {
  readonly #lines: LineList;
  readonly #changes: readonly (string | undefined)[];

  /** @param changes by index */
  constructor(lines: LineList, changes: readonly (string | undefined)[]) {
    this.#lines = lines;
    this.#changes = changes;
  }

  get length(): number {
    return this.#lines.length;
  }

  at(index: number): string | undefined {
    return this.#changes[index] ?? this.#lines.at(index);
  }

  slice(start = 0, end?: number): string[] {
    return this.#lines.slice(start, end).map((line, index) => this.#changes[start + index] ?? line);
  }
}
