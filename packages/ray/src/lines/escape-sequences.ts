const ESCAPE = '\u001b';
/**
 * In turn: a control sequence (CSI); a string, such as a title or a link, up to its BEL or the next ESC; ESC and one
 * character, perhaps with others between them. One that its text does not end reaches to where the text ends.
 */
const SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]?|[\]PX^_][^\u0007\u001b]*\u0007?|[ -/]*[0-~]?)/g;
const WHOLE = /^.(?:\[[^@-~]*[@-~]|[\]PX^_].*\u0007|[ -/]*[0-OQ-WYZ\\`-~])$/s;
/** A longer one has no effect. */
const LONGEST_SEQUENCE = 256;

/** The escape sequence at `start` of a text, and where it ends. */
export function sequenceAt(text: string, start: number): { sequence: string; end: number } {
  SEQUENCE.lastIndex = start;
  const [found] = SEQUENCE.exec(text) as RegExpExecArray;
  const sequence = found.length <= LONGEST_SEQUENCE && WHOLE.test(found) ? found : '';
  return { sequence, end: start + found.length };
}

/** Text without its escape sequences: what is seen of it. */
export function withoutSequences(text: string): string {
  return text.includes(ESCAPE) ? text.replace(SEQUENCE, '') : text;
}

/** Where the sequence begins that a text, cut anywhere, does not end; its length if there is none. */
export function unfinishedAt(text: string): number {
  const start = text.lastIndexOf(ESCAPE);
  if (start < 0) return text.length;
  SEQUENCE.lastIndex = start;
  const [found] = SEQUENCE.exec(text) as RegExpExecArray;
  return start + found.length === text.length && !WHOLE.test(found) ? start : text.length;
}

/** As much of a sequence that goes on as its effect depends on, whatever its length. */
export function heldOf(unfinished: string): string {
  return unfinished.slice(0, /^.[\]PX^_]/.test(unfinished) ? 2 : LONGEST_SEQUENCE + 1);
}
