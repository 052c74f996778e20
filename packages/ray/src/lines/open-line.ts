import type { LogPosition } from '@raywire/core/internal';
import { movesCursor } from '../source/cursor-moves.js';
import { heldOf, unfinishedAt, withoutSequences } from './escape-sequences.js';
import { type LineView, shownLine } from './shown-line.js';
import { TerminalRow } from './terminal-row.js';

/** So much of a line says whether it reaches beyond its row. */
const DECIDING_CHARACTERS = 64 * 1024;

/**
 * The beginning of a line that has not ended yet: a progress bar of an hour, or five megabytes of JSON. Of a line that
 * is collapsed, it holds what a terminal would show and no more.
 */
export class OpenLine {
  /** As it is delivered if nothing more comes; all of it until it has enough characters to decide. */
  #text = '';
  /** The sequence that the end of the line so far does not end. */
  #unfinished = '';
  #row: TerminalRow | undefined;
  #isDecided: boolean;
  #isCollapsed = false;
  /** Its cursor was moved: what is shown is the row, not the text. */
  #isMoved = false;

  /**
   * @param position where the log is read to, within the line
   * @param longest the rest of what would be shown need not be held: it will be truncated anyway
   */
  constructor(
    readonly view: LineView,
    public position: LogPosition,
    private readonly longest: number = Number.POSITIVE_INFINITY,
  ) {
    this.#isDecided = view.carriageReturn === 'keep';
  }

  append(text: string): void {
    if (!this.#isDecided) {
      this.#text += text;
      if (this.#text.length >= DECIDING_CHARACTERS) this.#decide();
      return;
    }
    const all = this.#unfinished + text;
    const end = unfinishedAt(all);
    const whole = all.slice(0, end);
    this.#unfinished = heldOf(all.slice(end));
    this.#take(whole, text);
  }

  /** What would be delivered if the line ended with `rest`. */
  shownWith(rest: string): string {
    if (!this.#isDecided) return shownLine(this.#text + rest, this.view);
    const isStripped = this.view.ansi === 'strip';
    const end = this.#unfinished + rest;
    if (this.#isCollapsed && (this.#isMoved || movesCursor(end))) {
      const row = this.#row?.copy() ?? this.#newRow();
      row.write(end);
      return isStripped ? withoutSequences(row.toString()) : row.toString();
    }
    return this.#text + (isStripped ? withoutSequences(end) : rest);
  }

  get length(): number {
    return Math.max(this.#text.length, this.#row?.length ?? 0);
  }

  /** As a line that has all of its characters is delivered. */
  #decide(): void {
    const text = this.#text;
    const row = new TerminalRow();
    row.write(text);
    this.#isDecided = true;
    this.#isCollapsed = !row.isBeyond;
    this.#text = '';
    this.append(text);
  }

  /** @param whole what `text` adds that ends no sequence in its middle */
  #take(whole: string, text: string): void {
    if (this.#isCollapsed && !this.#isMoved && movesCursor(whole)) {
      this.#row ??= this.#newRow();
      this.#isMoved = true;
      this.#text = '';
    }
    this.#row?.write(whole);
    if (this.#isMoved) return;
    this.#text += this.view.ansi === 'strip' ? withoutSequences(whole) : text;
    if (this.#text.length <= this.longest) return;
    if (this.#isCollapsed) this.#row ??= this.#newRow();
    this.#text = this.#text.slice(0, this.longest);
  }

  #newRow(): TerminalRow {
    const row = new TerminalRow(this.longest);
    row.write(this.#text);
    return row;
  }
}
