/** A list as the server gave it, and whether that is all of it. It is read like an array. */
export class Listing<T> implements Iterable<T> {
  readonly items: readonly T[];
  /** How many the server says there are, on all pages; of a bare array, its length. */
  readonly total: number;
  /** The server cut the list short: there is more than `items`. */
  readonly truncated: boolean;
  /** Passed as `cursor`, it gives the rows after these; `undefined` after the last page, and where there are no pages. */
  readonly next: string | undefined;
  /** What the server warned of, for example a node that did not answer. */
  readonly warnings: readonly string[];

  constructor(options: {
    items: readonly T[];
    total?: number;
    truncated?: boolean | undefined;
    next?: string | undefined;
    warnings?: readonly string[] | undefined;
  }) {
    this.items = options.items;
    this.total = options.total ?? options.items.length;
    this.next = options.next;
    this.truncated = options.truncated ?? (options.next !== undefined || this.total > options.items.length);
    this.warnings = options.warnings ?? [];
  }

  /** The number of `items`. */
  get length(): number {
    return this.items.length;
  }

  /** As `Array.prototype.at`. */
  at(index: number): T | undefined {
    return this.items.at(index);
  }

  /** As `Array.prototype.map`: the result is an array. */
  map<U>(transform: (item: T, index: number) => U): U[] {
    return this.items.map((item, index) => transform(item, index));
  }

  /** As `Array.prototype.filter`: the result is an array. */
  filter<S extends T>(matches: (item: T, index: number) => item is S): S[];
  filter(matches: (item: T, index: number) => boolean): T[];
  filter(matches: (item: T, index: number) => boolean): T[] {
    return this.items.filter((item, index) => matches(item, index));
  }

  /** As `Array.prototype.find`. */
  find<S extends T>(matches: (item: T, index: number) => item is S): S | undefined;
  find(matches: (item: T, index: number) => boolean): T | undefined;
  find(matches: (item: T, index: number) => boolean): T | undefined {
    return this.items.find((item, index) => matches(item, index));
  }

  [Symbol.iterator](): Iterator<T> {
    return this.items[Symbol.iterator]();
  }
}
