import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exportsOf, sizeOf, sourceFiles } from './count-lines.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'raywire-count-'));
});

afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

test('the sources of published packages count, without tests and src/testing', () => {
  write('packages/core/package.json', '{}');
  write('packages/core/src/index.ts', 'one\n');
  write('packages/core/src/errors/an-error.ts', 'one\ntwo\nthree\n');
  write('packages/core/src/errors/an-error.test.ts', 'not counted\n');
  write('packages/core/src/testing/server.ts', 'not counted\n');
  write('packages/testing/package.json', '{ "private": true }');
  write('packages/testing/src/index.ts', 'not counted\n');
  const packages = sourceFiles(root);
  expect([...packages.keys()]).toEqual(['packages/core']);
  expect(sizeOf([...packages.values()].flat())).toEqual({ lines: 4, files: 2, medianLines: 2, maxLines: 3 });
});

test('values and types of an index are told apart', () => {
  const index = `
    export type { A, B } from './a.js';
    export { type C, d } from './c.js';
    export { e as f } from './e.js';
  `;
  expect(exportsOf('index.ts', index)).toEqual({ values: ['d', 'f'], types: ['A', 'B', 'C'] });
  expect(() => exportsOf('index.ts', `export * from './a.js';`)).toThrow(
    'index.ts has an export without a name',
  );
});
