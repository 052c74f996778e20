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

/** By names, so that a failure can be read. */
const PIECES: Record<string, string> = {
  // What makes a line so long that its beginning leaves the decoder.
  long: 'x'.repeat(40_000),
  colours: '\u001b[32mgreen\u001b[0m '.repeat(2_500),
  wide: '数据'.repeat(15_000),
  // Half of a sequence, one that never ends, one that is too long, and one that goes to another row.
  half: '\u001b[',
  endless: '\u001b]0;title',
  number: `\u001b[${'1'.repeat(300)}K`,
  up: '\u001b[A',
};
const LONG = fc.constantFrom('long', 'colours', 'wide');
const SMALL = [
  '\r',
  '\b',
  '\t',
  'ab',
  '数',
  'e\u0301',
  '\u001b',
  '\u0007',
  'half',
  'endless',
  'number',
  'up',
];
const SEQUENCES = ['\u001b[K', '\u001b[1K', '\u001b[2K', '\u001b[7G', '\u001b[31m', '\u001b[m'];
const names = fc.array(fc.oneof(LONG, fc.constantFrom(...SMALL), fc.constantFrom(...SEQUENCES)), {
  maxLength: 12,
});
const lineOf = (pieces: readonly string[]) => pieces.map((name) => PIECES[name] ?? name).join('');

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
    fc.property(names, fc.array(fc.nat(), { maxLength: 5 }), view, (names, cuts, view) => {
      const text = lineOf(names);
      expect(arrived(text, cuts, view) === shownLine(text, view)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

it('truncates a line that arrived in pieces as one that arrived at once', () => {
  const maxMessageSize = 1_000;
  const limits = new StreamLimits({ maxMessageSize, oversize: 'truncate' });
  const cutShort = (shown: string) =>
    new DeliveryLimits(limits).take([shown], { bytes: 0, messages: undefined }).lines.slice();
  fc.assert(
    fc.property(names, fc.array(fc.nat(), { maxLength: 5 }), view, (names, cuts, view) => {
      const text = lineOf(names);
      const shown = arrived(text, cuts, view, maxMessageSize + 1);
      expect(cutShort(shown)).toEqual(cutShort(shownLine(text, view)));
    }),
    { numRuns: 50 },
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
