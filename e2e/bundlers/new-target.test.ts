import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

test('every constructor takes new.target into a variable first: terser moves it into functions that it inlines', () => {
  const uses = globSync('packages/*/src/**/*.ts', { cwd: root }).flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .filter((line) => /\bnew\.target\b/.test(line) && !/^\s*(?:\/\/|\/?\*)/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(uses.length).toBeGreaterThan(0);
  expect(uses.filter((use) => !/ = new\.target;$/.test(use))).toEqual([]);
});
