/** In `ESCAPED`: four hexadecimal digits follow. */
export const UNIT = 1;

/** By what follows a backslash: the byte that both mean, or 0. A newline is not among them: it would make two lines. */
export const ESCAPED: Uint8Array = /* @__PURE__ */ table({
  '"': 0x22,
  '\\': 0x5c,
  '/': 0x2f,
  b: 0x08,
  f: 0x0c,
  r: 0x0d,
  t: 0x09,
  u: UNIT,
});

/** By digit: its value and 1. */
const DIGITS = /* @__PURE__ */ table(
  Object.fromEntries([...'0123456789abcdefABCDEF'].map((digit) => [digit, Number.parseInt(digit, 16) + 1])),
);

function table(entries: Readonly<Record<string, number>>): Uint8Array {
  const bytes = new Uint8Array(256);
  for (const [character, value] of Object.entries(entries)) bytes[character.charCodeAt(0)] = value;
  return bytes;
}

/** The character of `\uXXXX`, or of two of them, from its digits on; 0 where it is not one. */
export function characterAt(source: DataView, start: number): number {
  const unit = unitAt(source, start);
  if (unit < 0xd800 || unit > 0xdfff) return unit;
  const low = source.getUint16(start + 4) === 0x5c75 ? unitAt(source, start + 6) : 0;
  return unit < 0xdc00 && low >= 0xdc00 && low <= 0xdfff
    ? 0x10000 + ((unit - 0xd800) << 10) + low - 0xdc00
    : 0;
}

function unitAt(source: DataView, start: number): number {
  let unit = 0;
  for (let at = start; at < start + 4; at++) {
    const digit = DIGITS[source.getUint8(at)] as number;
    if (digit === 0) return 0;
    unit = unit * 16 + digit - 1;
  }
  return unit;
}

/** Writes a character as UTF-8, and gives where it ends. */
export function writeCharacter(log: DataView, start: number, character: number): number {
  if (character < 0x80) {
    log.setUint8(start, character);
    return start + 1;
  }
  const length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
  let left = character;
  for (let at = start + length - 1; at > start; at--) {
    log.setUint8(at, 0x80 | (left & 0x3f));
    left >>= 6;
  }
  log.setUint8(start, ((0xf00 >> length) & 0xff) | left);
  return start + length;
}
