import type { LogPosition } from '@raywire/core/internal';
import { overlaid } from './carriage-return.js';

/** How bare `\r` in a line are delivered: as a terminal would show them, or as they are. */
export type CarriageReturnMode = 'collapse' | 'keep';

/**
 * The beginning of a line that has not ended yet: a progress bar of an hour, or five megabytes of JSON. Collapsing
 * as it goes, it holds what a terminal would show and no more.
 */
export class OpenLine {
  #under = '';
  #current = '';

  constructor(
    readonly mode: CarriageReturnMode,
    /** Where the log is read to, within the line. */
    public position: LogPosition,
  ) {}

  append(text: string): void {
    if (this.mode === 'keep' || !text.includes('\r')) {
      this.#current += text;
      return;
    }
    const segments = (this.#current + text).split('\r');
    this.#current = segments.pop() as string;
    this.#under = overlaid([this.#under, ...segments]);
  }

  /** What would be delivered if the line ended with `rest`. */
  shownWith(rest: string): string {
    if (this.mode === 'keep') return this.#current + rest;
    return overlaid([this.#under, ...(this.#current + rest).split('\r')]);
  }

  /** Lets go of all but the first characters: the line will be truncated anyway. */
  cutTo(characters: number): void {
    if (this.#current.length > characters) this.#current = this.#current.slice(0, characters);
  }

  get length(): number {
    return Math.max(this.#current.length, this.#under.length);
  }
}
