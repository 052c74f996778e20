/** Bytes of each line, without its newline. */
export const LINE_BYTES = 100;

/** Distinct lines; a longer log repeats them. */
export const BLOCK_LINES = 10_000;

/** Log lines as a training job prints them: ASCII, each of 100 bytes. */
export function blockOfLines(): string[] {
  return Array.from({ length: BLOCK_LINES }, (_, index) => {
    const seconds = (index % 60).toString().padStart(2, '0');
    const loss = (2 - index / BLOCK_LINES).toFixed(6);
    const line = `2026-02-17 09:41:${seconds},123 INFO trainer.py:88 -- step ${index} loss=${loss} `;
    return line.padEnd(LINE_BYTES, 'lr=3.000e-04 tokens/s=18211 ');
  });
}
