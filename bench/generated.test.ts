import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generatedFiles, pathOf, withTables } from './generated.ts';
import { pictureOf } from './picture.ts';
import { markdownOf } from './report.ts';
import type { Results } from './results.ts';

const results: Results = {
  name: 'made-up',
  of: 'reader',
  how: 'Ten lines',
  date: '2026-11-25',
  node: '24.0.0',
  machine: { processor: 'abacus', cores: 2, load: 0.25 },
  rows: [
    { name: 'by hand', value: 1_000, unit: 'lines/s', by: 'floor' },
    { name: 'Python', value: 250, unit: 'lines/s', by: 'peer', floor: 'by hand', ratio: 0.25 },
    {
      ...{ name: 'tail', value: 1_500, unit: 'lines/s', by: 'raywire', floor: 'by hand', ratio: 1.5 },
      ...{ target: { atLeast: 1.05, unit: '×' }, ok: true },
    },
    {
      ...{ name: 'tail', value: 1_500, unit: 'lines/s', by: 'raywire', floor: 'Python', ratio: 6 },
      ...{ target: { atLeast: 20, unit: '×' }, ok: false },
    },
    { name: 'nothing parsed', value: 4_000, unit: 'lines/s', floor: 'by hand', ratio: 4 },
  ],
};

test('the READMEs and the picture show what is in bench/results; `pnpm bench:readme` writes them', () => {
  for (const [file, content] of generatedFiles()) expect(readFileSync(pathOf(file), 'utf8')).toBe(content);
});

test('a table names the floor, the peer, the target, and whether it is met', () => {
  expect(
    markdownOf([results]),
  ).toBe(`Ten lines; Node 24.0.0, 2 cores (abacus), load before the run 0.3, 2026-11-25.

| reader         | measured      | ratio     | to        | target   |        |
| -------------- | ------------- | --------- | --------- | -------- | ------ |
| by hand        | 1,000 lines/s | the floor |           |          |        |
| Python         | 250 lines/s   | 0.25 ×    | the floor |          |        |
| tail           | 1,500 lines/s | 1.50 ×    | the floor | ≥ 1.05 × | ok     |
| the same       | 1,500 lines/s | 6.00 ×    | Python    | ≥ 20 ×   | missed |
| nothing parsed | 4,000 lines/s | 4.00 ×    | the floor |          |        |`);
});

test('tables stand between the marks that name them, and nothing else of a README changes', () => {
  const readme = 'Before.\n<!-- bench made-up other -->\nolder\n<!-- /bench -->\nAfter.\n';
  const names: string[] = [];
  const written = withTables(readme, (name) => {
    names.push(name);
    return results;
  });
  expect(names).toEqual(['made-up', 'other']);
  const tables = markdownOf([results, results]);
  expect(written).toBe(`Before.\n<!-- bench made-up other -->\n\n${tables}\n\n<!-- /bench -->\nAfter.\n`);
});

test('the picture has a bar for the floor and each reader beside it, as long as its ratio', () => {
  const picture = pictureOf([{ title: 'Lines & more', results, floor: 'by hand' }]);
  const widths = [
    ...picture.matchAll(/<rect class="(\w+)" x="\d+" y="[\d.]+" width="([\d.]+)" height="15"/g),
  ];
  expect(widths.map(([, by]) => by)).toEqual(['floor', 'peer', 'raywire']);
  const [floor = 0, peer, ours] = widths.map(([, , width]) => Number(width));
  expect(peer).toBeCloseTo(floor / 4, 0);
  expect(ours).toBeCloseTo(floor * 1.5, 0);
  expect(picture).toContain('Lines &amp; more');
  expect(picture).toContain('prefers-color-scheme: dark');
});
