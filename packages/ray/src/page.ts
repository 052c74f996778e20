/** A list as the server gave it, and whether that is all of it. */
export class Page<T> implements Iterable<T> {
  readonly items: readonly T[];
  /** How many the server says there are; of a bare array, its length. */
  readonly total: number;
  /** The server cut the list short: there is more than `items`. */
  readonly truncated: boolean;
  /** What the server warned of, for example a node that did not answer. */
  readonly warnings: readonly string[];

  constructor(options: {
    items: readonly T[];
    total?: number;
    truncated?: boolean;
    warnings?: readonly string[];
  }) {
    this.items = options.items;
    this.total = options.total ?? options.items.length;
    this.truncated = options.truncated ?? this.total > options.items.length;
    this.warnings = options.warnings ?? [];
  }

  get length(): number {
    return this.items.length;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.items[Symbol.iterator]();
  }
}
