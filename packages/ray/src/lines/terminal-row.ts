import { widthOf } from './character-width.js';
import { sequenceAt } from './escape-sequences.js';
import { TextStyle } from './text-style.js';

/** A sequence moves the cursor no further to the right: else a few bytes would make a long line. */
const LAST_COLUMN = 1023;
/** A line is beyond a row where that is told so early in it: so the beginning of one that never ends can be let go of. */
const BEYOND_WITHIN = 63 * 1024;
/** More marks on one character are left out. */
const LONGEST_CELL = 32;
/** A cell without a character. NUL is never in one. */
const BLANK = '\0';
/** A cell that the wide character before it covers. */
const COVERED = '';

const [ESC, DEL, FIRST_PRINTABLE, AFTER_C1] = [0x1b, 0x7f, 0x20, 0xa0];
/** Of two-byte sequences: other rows, saved cursors, tab stops, other alphabets than ASCII. */
const BEYOND_ESCAPES = /^.(?:[78DEHMNOcno]|#|[(-/](?!B))/s;
/** Of control sequences: other rows, moves of text, modes. */
const BEYOND_FINALS = /[@ABEFHILMPSTXZbdefghlrsu]/;
/** Of private ones: erasing, and other screens. */
const BEYOND_PRIVATE = /^.*[JK]$|^\?(?:.*;)?(?:3|6|47|104[789])(?:;.*)?[hl]$/;
/** Of control characters: other rows, another alphabet. */
const BEYOND_CONTROLS = /[\v\f\u000e\u0080-\u009f]/;

/**
 * One row of a terminal, wide enough for every line: what is written over each other in it, in its colours. Each
 * character of the text costs the same, however often the row is erased.
 */
export class TerminalRow {
  /** The line reaches beyond a row, for example with a cursor that moves up. */
  isBeyond = false;
  #column = 0;
  /** By column. */
  #texts: string[] = [];
  #styles: string[] = [];
  /** Only these columns show something: from `#start`, up to `#end`. */
  #start = 0;
  #end = 0;
  #style = new TextStyle();
  #read = 0;

  /** Beyond `columns`: where something is shown. */
  #farStart = 0;
  #farEnd = 0;

  /** @param columns of those behind it is only known that they show something */
  constructor(private readonly columns: number = Number.POSITIVE_INFINITY) {}

  get length(): number {
    return this.#end;
  }

  copy(): TerminalRow {
    const copy = new TerminalRow(this.columns);
    copy.#column = this.#column;
    copy.#texts = this.#texts.slice(0, this.#end);
    copy.#styles = this.#styles.slice(0, this.#end);
    copy.#start = this.#start;
    copy.#end = this.#end;
    copy.#farStart = this.#farStart;
    copy.#farEnd = this.#farEnd;
    copy.#style = this.#style.copy();
    copy.#read = this.#read;
    return copy;
  }

  /** Writes text that ends no sequence that a text before has begun. */
  write(text: string): void {
    let last = '';
    let width = 1;
    for (let at = 0; at < text.length; ) {
      const code = text.charCodeAt(at);
      if (code >= FIRST_PRINTABLE && code < DEL) {
        this.#put(text.charAt(at++), 1);
      } else if (code >= AFTER_C1) {
        const character = text.slice(at, at + ((text.codePointAt(at) as number) > 0xffff ? 2 : 1));
        // A bar is made of one character.
        if (character !== last) width = widthOf(character);
        last = character;
        if (width > 0) this.#put(character, width);
        else this.#mark(character);
        at += character.length;
      } else if (code === ESC) {
        const { sequence, end } = sequenceAt(text, at);
        this.#obey(sequence, this.#read + at);
        at = end;
      } else {
        this.#control(text.charAt(at), this.#read + at);
        at++;
      }
    }
    this.#read += text.length;
  }

  /** What is seen, in its colours; what is written on behind it has the colour that the text has left on. */
  toString(): string {
    let end = this.#end;
    while (end > this.#start && this.#texts[end - 1] === BLANK) end--;
    let shown = this.#style.endsEarlier ? '\u001b[0m' : '';
    let style = '';
    const change = (to: string): void => {
      if (to !== style) shown += `\u001b[${style === '' ? to : to === '' ? '0' : `0;${to}`}m`;
      style = to;
    };
    if (end > this.#start) shown += ' '.repeat(this.#start);
    for (let column = this.#start; column < end; column++) {
      if (this.#styles[column] !== style) change(this.#styles[column] as string);
      const text = this.#texts[column] as string;
      shown += text === BLANK ? ' ' : text;
    }
    if (this.#farStart < this.#farEnd) {
      change('');
      shown += ' '.repeat(this.columns + 1 - (end > this.#start ? end : 0));
    }
    change(this.#style.parameters);
    return shown;
  }

  #put(character: string, width: number): void {
    const at = this.#column;
    const behind = at + width;
    this.#column = behind;
    if (at >= this.columns) {
      this.#farStart = this.#farStart < this.#farEnd ? Math.min(this.#farStart, at) : at;
      this.#farEnd = Math.max(this.#farEnd, behind);
      return;
    }
    if (at < this.#start || at > this.#end) this.#reach(at);
    if (at < this.#end) {
      // Half of a wide character is none.
      if (this.#texts[at] === COVERED) this.#blank(at - 1);
      if (behind < this.#end && this.#texts[behind] === COVERED) this.#blank(behind);
    }
    this.#texts[at] = character;
    this.#styles[at] = this.#style.parameters;
    if (width === 2) {
      this.#texts[at + 1] = COVERED;
      this.#styles[at + 1] = this.#style.parameters;
    }
    this.#end = Math.max(this.#end, behind);
  }

  /** Makes a column that is away from those that show something the next one to write to. */
  #reach(at: number): void {
    if (this.#start >= this.#end) {
      while (this.#texts.length < at) this.#blank(this.#texts.length);
      this.#start = at;
      this.#end = at;
    }
    for (let column = this.#end; column < at; column++) this.#blank(column);
    for (let column = at; column < this.#start; column++) this.#blank(column);
    this.#start = Math.min(this.#start, at);
  }

  #blank(column: number): void {
    this.#texts[column] = BLANK;
    this.#styles[column] = '';
  }

  /** Adds to the character before the cursor. */
  #mark(mark: string): void {
    let at = this.#column - 1;
    if (at >= this.#end) return;
    if (this.#texts[at] === COVERED) at--;
    const text = this.#texts[at];
    if (at < this.#start || text === undefined || text === BLANK || text.length >= LONGEST_CELL) return;
    this.#texts[at] = text + mark;
  }

  #control(character: string, index: number): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\b') this.#moveTo(this.#column - 1);
    else if (character === '\t') this.#column += 8 - (this.#column % 8);
    else if (BEYOND_CONTROLS.test(character)) this.#goBeyond(index);
  }

  /** @param sequence a whole one; empty: it has no effect */
  #obey(sequence: string, index: number): void {
    if (sequence === '') return;
    if (sequence.charAt(1) !== '[') {
      if (BEYOND_ESCAPES.test(sequence)) this.#goBeyond(index);
      return;
    }
    const parameters = sequence.slice(2, -1);
    const final = sequence.charAt(sequence.length - 1);
    if (/[^0-;]/.test(parameters)) {
      if (BEYOND_PRIVATE.test(parameters + final)) this.#goBeyond(index);
      return;
    }
    if (final === 'm') {
      this.#style.apply(parameters);
      return;
    }
    const count = Number.parseInt(parameters, 10) || 0;
    if (final === 'C' || final === 'a') this.#moveTo(this.#column + Math.max(1, count));
    else if (final === 'D') this.#moveTo(this.#column - Math.max(1, count));
    else if (final === 'G' || final === '`') this.#moveTo(count - 1);
    else if (final === 'K' || (final === 'J' && count === 0)) this.#erase(count);
    else if (final === 'J' || BEYOND_FINALS.test(final)) this.#goBeyond(index);
  }

  #moveTo(column: number): void {
    this.#column = Math.max(0, Math.min(column, Math.max(LAST_COLUMN, this.#column)));
  }

  /** @param part 0: from the cursor on; 1: up to it; 2: all */
  #erase(part: number): void {
    const at = this.#column;
    if (part === 2) {
      this.#end = 0;
      this.#farEnd = 0;
    } else if (part === 0) {
      if (at < this.#end && at > this.#start && this.#texts[at] === COVERED) this.#blank(at - 1);
      this.#end = Math.min(this.#end, at);
      this.#farEnd = Math.min(this.#farEnd, at);
    } else if (part === 1 && at >= this.#start) {
      if (at + 1 < this.#end && this.#texts[at + 1] === COVERED) this.#blank(at + 1);
      this.#start = at + 1;
      this.#farStart = Math.max(this.#farStart, at + 1);
    }
  }

  #goBeyond(index: number): void {
    if (index < BEYOND_WITHIN) this.isBeyond = true;
  }
}
