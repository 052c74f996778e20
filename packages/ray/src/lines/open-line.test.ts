import { StreamLimits } from '@raywire/network';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DeliveryLimits } from './delivery-limits.js';
import { heldOf, withoutSequences } from './escape-sequences.js';
import { LOG_BEGINNING } from './log-position.js';
import { OpenLine } from './open-line.js';
import { type LineView, shownLine } from './shown-line.js';

const view: fc.Arbitrary<LineView> = fc.record({
  carriageReturn: fc.constantFrom('collapse', 'keep'),
  ansi: fc.constantFrom('keep', 'strip'),
});

/** What makes a line so long that its beginning leaves the decoder. */
const filler = fc.constantFrom(
  'x'.repeat(40_000),
  '\u001b[32mgreen\u001b[0m '.repeat(2_500),
  '数据'.repeat(15_000),
);
const piece = fc.oneof(
  { weight: 3, arbitrary: filler },
  { weight: 3, arbitrary: fc.constantFrom('\r', '\b', '\t', 'ab', '数', 'e\u0301') },
  {
    weight: 3,
    arbitrary: fc.constantFrom('\u001b[K', '\u001b[1K', '\u001b[2K', '\u001b[7G', '\u001b[31m', '\u001b[m'),
  },
  // Half of a sequence, one that never ends, and one that goes to another row.
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '\u001b[',
      '\u001b',
      '\u001b]0;title',
      '\u0007',
      '\u001b[A',
      `\u001b[${'1'.repeat(300)}K`,
    ),
  },
);
const line = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

function arrived(text: string, cuts: readonly number[], view: LineView, longest?: number): string {
  const at = cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b);
  const open = new OpenLine(view, LOG_BEGINNING, longest);
  let from = 0;
  for (const to of at) {
    open.append(text.slice(from, to));
    open.shownWith('\rseen in between');
    from = to;
  }
  return open.shownWith(text.slice(from));
}

it('delivers a line that arrived in pieces as one that arrived at once', () => {
  fc.assert(
    fc.property(line, fc.array(fc.nat(), { maxLength: 5 }), view, (text, cuts, view) => {
      expect(arrived(text, cuts, view) === shownLine(text, view)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

it('truncates a line that arrived in pieces as one that arrived at once', () => {
  const maxMessageSize = 1_000;
  const limits = new StreamLimits({ maxMessageSize, oversize: 'truncate' });
  const cutShort = (shown: string) =>
    new DeliveryLimits(limits).take([shown], { bytes: 0, messages: undefined }).lines.slice();
  fc.assert(
    fc.property(line, fc.array(fc.nat(), { maxLength: 5 }), view, (text, cuts, view) => {
      const shown = arrived(text, cuts, view, maxMessageSize + 1);
      expect(cutShort(shown)).toEqual(cutShort(shownLine(text, view)));
    }),
    { numRuns: 300 },
  );
});

it.each([63 * 1024 - 1, 63 * 1024, 64 * 1024 - 2, 64 * 1024])(
  'takes a sequence to another row at %i alike, however it is cut',
  (index) => {
    const text = `${'x'.repeat(index)}\u001b[A\rend`;
    const view: LineView = { carriageReturn: 'collapse', ansi: 'keep' };
    const whole = shownLine(text, view);
    expect(whole === text).toBe(index < 63 * 1024);
    for (const cut of [10, 61_000, 64 * 1024, index + 1, index + 2, index + 3])
      expect(arrived(text, [cut], view) === whole).toBe(true);
  },
);

it('knows what is below a text in colours that is truncated, in case it comes to light', () => {
  const colours = '\u001b[32mgreen\u001b[0m '.repeat(10_000);
  for (const ansi of ['keep', 'strip'] as const) {
    const open = new OpenLine({ carriageReturn: 'collapse', ansi }, LOG_BEGINNING, 1_001);
    open.append(colours);
    open.append(' ');
    open.append('\rred');
    const shown = open.shownWith('');
    expect(withoutSequences(shown)).toMatch(/^reden (green ){100}/);
    expect(withoutSequences(shown).length).toBeGreaterThan(1_000);
    expect(open.length).toBeLessThan(1_100);
  }
});

it('holds of a sequence that never ends no more than its beginning', () => {
  expect(heldOf(`\u001b]0;${'x'.repeat(10_000)}`)).toBe('\u001b]');
  expect(heldOf(`\u001b[${'1'.repeat(10_000)}`).length).toBeLessThan(300);
});
