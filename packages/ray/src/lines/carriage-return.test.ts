import fc from 'fast-check';
import { expect, it } from 'vitest';
import { collapseCarriageReturns } from './carriage-return.js';

/** A terminal, cell by cell. */
function onTerminal(line: string): string {
  const cells: string[] = [];
  let column = 0;
  for (const character of line) {
    if (character === '\r') column = 0;
    else cells[column++] = character;
  }
  return cells.join('');
}

it('shows of any line what a terminal shows', () => {
  const piece = fc.constantFrom('a', 'bc', 'é', '𝒳', '\ud83d', '\udc00', '\r', '\r\r');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const line = pieces.join('');
      expect(collapseCarriageReturns(line)).toBe(onTerminal(line));
    }),
  );
});

it('takes no longer for a long line under many steps than for its characters', () => {
  const line = `${'x'.repeat(20_000)}${'\rq'.repeat(20_000)}`;
  const startedAt = performance.now();
  expect(collapseCarriageReturns(line)).toBe(`q${'x'.repeat(19_999)}`);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
