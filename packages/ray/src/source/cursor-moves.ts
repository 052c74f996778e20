const ESCAPE = '\u001b';
const BRACKET = 0x5b;
/** It ends the sequences for colours, which are nearly all. */
const COLOUR_END = 0x6d;
/** What the sequences end with that move the cursor within its line, or erase some of it. */
const MOVES = /[CDGJK`a]/;

/**
 * Whether a terminal shows something else than the text from left to right: there is a `\r`, a backspace, or a sequence
 * that moves the cursor or erases. Colours do not count.
 */
export function movesCursor(text: string): boolean {
  return text.includes('\r') || text.includes('\b') || sequenceThatMoves(text, 0) < text.length;
}

/**
 * The indices of the lines that move the cursor. Most texts have none: that takes three fast searches.
 *
 * @param texts the lines, each with its `\n`, in two parts: of the first line what came before, perhaps nothing, and the
 *   rest, which may go on behind the last line
 */
export function linesThatMove(
  lines: readonly string[],
  [started, text]: readonly [string, string],
): number[] {
  const [first] = lines;
  if (first === undefined) return [];
  const moving = movesCursor(first) ? [0] : [];
  let end = first.length + 1 - started.length;
  const searches = [carriageReturn, backspace, sequenceThatMoves].map((search) => ({
    search,
    at: search(text, end),
  }));
  let next = Math.min(...searches.map(({ at }) => at));
  for (let index = 1; index < lines.length && next < text.length; index++) {
    end += (lines[index] as string).length + 1;
    if (next >= end) continue;
    moving.push(index);
    for (const found of searches) if (found.at < end) found.at = found.search(text, end);
    next = Math.min(...searches.map(({ at }) => at));
  }
  return moving;
}

/** Whether a character belongs to the parameters of a control sequence. */
function isParameter(code: number): boolean {
  return code >= 0x30 && code <= 0x3f;
}

// Each gives where the next one is, or else where the text ends.

function carriageReturn(text: string, from: number): number {
  const at = text.indexOf('\r', from);
  return at < 0 ? text.length : at;
}

function backspace(text: string, from: number): number {
  const at = text.indexOf('\b', from);
  return at < 0 ? text.length : at;
}

function sequenceThatMoves(text: string, from: number): number {
  let at = text.indexOf(ESCAPE, from);
  while (at >= 0) {
    let end = at + 1;
    if (text.charCodeAt(end) === BRACKET) {
      do end++;
      while (isParameter(text.charCodeAt(end)));
      if (text.charCodeAt(end) !== COLOUR_END && MOVES.test(text.charAt(end))) return at;
    }
    at = text.indexOf(ESCAPE, end);
  }
  return text.length;
}
