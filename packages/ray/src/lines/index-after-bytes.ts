/** The index in `text` after so many UTF-8 bytes, if that is just after a line or a `\r` segment. */
export function indexAfterBytes(text: string, bytes: number): number | undefined {
  let left = bytes;
  let index = 0;
  while (left > 0 && index < text.length) {
    const code = text.codePointAt(index) as number;
    left -= code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    index += code < 0x10000 ? 1 : 2;
  }
  const before = text[index - 1];
  return left === 0 && (index === 0 || before === '\n' || before === '\r') ? index : undefined;
}
