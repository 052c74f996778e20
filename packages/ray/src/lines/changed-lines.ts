import type { LineList } from '../source/log-source.js';

/** Lines of which some are delivered otherwise than the log has them. */
export class ChangedLines implements LineList {
  readonly #lines: LineList;
  readonly #changes: ReadonlyMap<number, string>;

  /** @param changes by index */
  constructor(lines: LineList, changes: ReadonlyMap<number, string>) {
    this.#lines = lines;
    this.#changes = changes;
  }

  get length(): number {
    return this.#lines.length;
  }

  at(index: number): string | undefined {
    return this.#changes.get(index) ?? this.#lines.at(index);
  }

  slice(start = 0, end?: number): string[] {
    const lines = this.#lines.slice(start, end);
    for (const [index, line] of this.#changes) if (index - start in lines) lines[index - start] = line;
    return lines;
  }
}
