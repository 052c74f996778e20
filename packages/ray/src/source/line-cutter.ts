/** What a cutter made of some text. */
export interface CutText {
  lines: string[];
  /** What the lines take in the log, each with its `\n`; `undefined` where a `\r` was taken away. */
  text: string | undefined;
  /** The beginning of the unfinished line that the cutter has let go of, because it grew long. */
  folded: string;
}

/** A longer unfinished line leaves the cutter in pieces, so that its memory does not grow with the line. */
const FOLD_AT_CHARACTERS = 64 * 1024;

/** Cuts text, however it arrives, into lines at `\n` alone; `\r\n` loses its `\r`, a bare `\r` stays. */
export class LineCutter {
  #pending = '';

  /** The unfinished line, without what was folded away. */
  get pending(): string {
    return this.#pending;
  }

  push(text: string): CutText {
    const lines = text.split('\n');
    const started = this.#pending;
    lines[0] = started + (lines[0] as string);
    this.#pending = lines.pop() as string;
    const hasReturns = text.includes('\r') || started.endsWith('\r');
    if (hasReturns) {
      for (let index = 0; index < lines.length; index++)
        lines[index] = withoutTrailingReturn(lines[index] as string);
    }
    const whole = hasReturns ? undefined : started + text.slice(0, text.lastIndexOf('\n') + 1);
    return {
      lines,
      text: lines.length === 0 ? undefined : whole,
      folded: this.#pending.length > FOLD_AT_CHARACTERS ? this.#fold() : '',
    };
  }

  /** Takes the unfinished line out: the log ends here. */
  takeRest(): string {
    const rest = this.#pending;
    this.#pending = '';
    return rest;
  }

  // A final `\r` may belong to a `\r\n`, and a final high surrogate to the next character: both stay.
  #fold(): string {
    const last = this.#pending.charCodeAt(this.#pending.length - 1);
    const keep = last === 0x0d || (last >= 0xd800 && last <= 0xdbff) ? 1 : 0;
    const end = this.#pending.length - keep;
    const folded = this.#pending.slice(0, end);
    this.#pending = this.#pending.slice(end);
    return folded;
  }
}

/** A line without the `\r` of its `\r\n`. */
export function withoutTrailingReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
