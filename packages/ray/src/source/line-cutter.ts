/** What a cutter made of some text. */
export interface CutText {
  lines: string[];
  /** The lines as the log has them, each with its `\n`; `undefined` without lines. */
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
    const isHalfReturn = this.#pending.endsWith('\r') && text.startsWith('\n');
    const started = isHalfReturn ? this.#pending.slice(0, -1) : this.#pending;
    const plain = text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text;
    const lines = plain.split('\n');
    lines[0] = started + (lines[0] as string);
    this.#pending = lines.pop() as string;
    return {
      lines,
      text: lines.length === 0 ? undefined : started + plain.slice(0, plain.lastIndexOf('\n') + 1),
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
