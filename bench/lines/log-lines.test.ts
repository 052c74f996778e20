import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectedRead } from './expected-read.ts';
import { BLOCK_LINES, blockOfLines, describeLines } from './log-lines.ts';
import { MAX_LINE_BYTES, MIN_LINE_BYTES, MIX_PERCENT } from './mixed-lines.ts';

const block = blockOfLines('mix');

/** The share of lines in which something is found, in percent. */
function percentOf(pattern: RegExp): number {
  return (100 * block.filter((line) => pattern.test(line)).length) / BLOCK_LINES;
}

test('the mix is the same in each run and on each machine', () => {
  const digest = createHash('sha256').update(block.join('\n')).digest('hex');
  expect(digest).toBe('6c51567fe0c8877b147439f81135b04deeeffeec0440d7ae599ae1569fe89650');
});

test('the mix has its proportions, and lines from 20 B to 4 KB', () => {
  expect(Object.values<number>(MIX_PERCENT).reduce((sum, percent) => sum + percent)).toBe(100);
  expect(percentOf(/\u001b\[/)).toBe(MIX_PERCENT.colour);
  expect(percentOf(/\r/)).toBe(MIX_PERCENT.progress);
  expect(percentOf(/[^\u0000-\u007f]/)).toBe(MIX_PERCENT.wide + MIX_PERCENT.progress);
  expect(percentOf(/^\{.*\}$/)).toBe(MIX_PERCENT.json + MIX_PERCENT.long / 3);
  expect(percentOf(/^[^{].*[\t"]/)).toBe(MIX_PERCENT.tabOrQuote + MIX_PERCENT.long / 3);
  const sizes = block.map((line) => Buffer.byteLength(line)).toSorted((a, b) => a - b);
  expect(sizes[0]).toBe(MIN_LINE_BYTES);
  expect(sizes.at(-1)).toBeLessThanOrEqual(MAX_LINE_BYTES);
  expect(sizes.at(-1)).toBeGreaterThan(MAX_LINE_BYTES - 100);
  expect((100 * sizes.filter((size) => size >= 1_024).length) / BLOCK_LINES).toBe(MIX_PERCENT.long);
});

test('the README of the bench says what the mix is', () => {
  const readme = readFileSync(`${import.meta.dirname}/../README.md`, 'utf8');
  const [mean = ''] = /\d+ B on average/.exec(describeLines('mix')) ?? [];
  const facts = [mean, ...Object.values(MIX_PERCENT).map((percent) => `| ${percent} % |`)];
  expect(facts.filter((fact) => !readme.includes(fact))).toEqual([]);
});

test('each state of a progress bar is as wide as the one before, so that a terminal shows the last one alone', () => {
  for (const line of block.filter((line) => line.includes('\r'))) {
    const widths = new Set(line.split('\r').map((state) => Array.from(state).length));
    expect(widths.size).toBe(1);
  }
});

test('what a reader must have got depends on what it makes of a progress bar', () => {
  const bar = block.findIndex((line) => line.includes('\r'));
  const count = BLOCK_LINES + bar + 1;
  const printed = expectedRead('mix', count, 'printed');
  const collapsed = expectedRead('mix', count, 'collapsed');
  const split = expectedRead('mix', count, 'split');
  const text = [...block, ...block.slice(0, bar + 1)].map((line) => `${line}\n`).join('');
  expect(printed).toEqual({
    lines: count,
    characters: text.length - count,
    codePoints: Array.from(text).length - count,
    bytes: Buffer.byteLength(text),
  });
  const returns = text.split('\r').length - 1;
  expect(split).toEqual({
    ...printed,
    lines: count + returns,
    characters: printed.characters - returns,
    codePoints: printed.codePoints - returns,
  });
  expect(collapsed).toMatchObject({ lines: count, bytes: printed.bytes });
  const shown = text.replaceAll(/[^\n]*\r/g, '');
  expect(collapsed.characters).toBe(shown.length - count);
});
