/**
 * What a terminal shows of a line with bare `\r` in it: each segment is written over the one before, and a shorter
 * one leaves the rest of the longer. Counted in code points.
 */
export function collapseCarriageReturns(line: string): string {
  return line.includes('\r') ? overlaid(line.split('\r')) : line;
}

/**
 * What is seen of texts that are written over each other, the last one on top. From the top down, so that a hundred
 * thousand steps of a progress bar on a long line cost no more than their characters.
 */
export function overlaid(segments: readonly string[]): string {
  let shown = '';
  let columns = 0;
  for (let index = segments.length - 1; index >= 0; index--) {
    const segment = segments[index] as string;
    // A text never has more code points than units.
    if (segment.length <= columns) continue;
    const characters = Array.from(segment);
    if (characters.length <= columns) continue;
    shown += columns === 0 ? segment : characters.slice(columns).join('');
    columns = characters.length;
  }
  return shown;
}
