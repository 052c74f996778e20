/** Bytes of each line, without its newline. */
export const PLAIN_LINE_BYTES = 100;

/** Log lines of a training job that are easy to read: ASCII, nothing that JSON escapes, each of 100 bytes. */
export function plainLines(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const seconds = (index % 60).toString().padStart(2, '0');
    const loss = (2 - index / count).toFixed(6);
    const line = `2026-02-17 09:41:${seconds},123 INFO trainer.py:88 -- step ${index} loss=${loss} `;
    return line.padEnd(PLAIN_LINE_BYTES, 'lr=3.000e-04 tokens/s=18211 ');
  });
}
