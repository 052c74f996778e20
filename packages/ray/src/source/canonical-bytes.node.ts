import type { CanonicalBytes } from './log-source.js';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The canonical bytes of some lines, made in place of theirs.
 *
 * @param texts what the bytes were decoded to: the beginning of the first line that came before, and the rest
 * @param findMoves gives `withMoves`; called where the lines are as the text has them
 * @returns `undefined` where the bytes are not the UTF-8 of the text
 */
export function canonicalBytes(
  bytes: Uint8Array,
  texts: readonly [started: string, text: string],
  findMoves: () => number[],
): CanonicalBytes | undefined {
  if (texts.some((text) => text.includes('\ufffd'))) return undefined;
  // Looking for it in a text takes a tenth of the time.
  if (!texts.some((text) => text.includes('\r'))) return { bytes, withMoves: findMoves() };
  let end = 0;
  let from = 0;
  for (let at = bytes.indexOf(CARRIAGE_RETURN); at >= 0; at = bytes.indexOf(CARRIAGE_RETURN, at + 1)) {
    if (bytes[at + 1] === NEWLINE) {
      bytes.copyWithin(end, from, at);
      end += at - from;
      from = at + 1;
    } else {
      bytes[at] = NEWLINE;
    }
  }
  // Without a `\r\n`, the lines are as the text has them.
  if (from === 0) return { bytes, withMoves: findMoves() };
  bytes.copyWithin(end, from);
  return { bytes: bytes.subarray(0, end + bytes.length - from) };
}
