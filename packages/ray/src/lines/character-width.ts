/** Marks on the character before them, characters that are not seen, and the vowels that complete a Hangul syllable. */
const ZERO = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]/u;
/** East Asian Wide and Fullwidth, by blocks; most emoji are in the property. Half of a flag is as narrow as a letter. */
const WIDE =
  /(?!\p{RI})[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u3247\u3250-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18fff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u;

/**
 * How many columns of a terminal a character takes. Each code point counts for itself, as in most terminals: an emoji
 * of several is as wide as all of them.
 */
export function widthOf(character: string): 0 | 1 | 2 {
  if (ZERO.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
