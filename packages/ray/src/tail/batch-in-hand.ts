import type { LineBatch } from '../lines/line-batch.js';

/** The batch that the reader of a tail is at, and how many lines of it were handed out. */
export class BatchInHand {
  #batch: LineBatch | undefined;
  #count = 0;

  get taken(): { batch: LineBatch; count: number } | undefined {
    return this.#batch && { batch: this.#batch, count: this.#count };
  }

  get hasMore(): boolean {
    return this.#batch !== undefined && this.#count < this.#batch.lines.length;
  }

  get untaken(): string[] {
    return this.#batch?.lines.slice(this.#count) ?? [];
  }

  put(batch: LineBatch): void {
    this.#batch = batch;
    this.#count = 0;
  }

  takeLine(): string | undefined {
    const line = this.#batch?.lines.at(this.#count);
    if (line !== undefined) this.#count++;
    return line;
  }

  takeAll(): string[] {
    const lines = this.#batch?.lines ?? [];
    this.skip();
    return Array.isArray(lines) ? lines : lines.slice();
  }

  skip(): void {
    this.#count = this.#batch?.lines.length ?? 0;
  }
}
