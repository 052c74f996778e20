/**
 * What a terminal shows of a line with bare `\r` in it: each segment is written over the one before, and a shorter
 * one leaves the rest of the longer. Counted in code points.
 */
export function collapseCarriageReturns(line: string): string {
  return line.includes('\r') ? line.split('\r').reduce(overlay, '') : line;
}

/** Writes `segment` over `shown`, from the left. */
export function overlay(shown: string, segment: string): string {
  if (shown === '' || segment === '') return shown || segment;
  const over = Array.from(segment).length;
  return segment + Array.from(shown).slice(over).join('');
}
