import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleForBrowsers } from '../e2e/runtimes/laboratory/bundle.ts';
import { moduleSizes } from './module-sizes.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'raywire-size-'));
  mkdirSync(join(folder, 'dist'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('the parts of a bundle are told by the source files that tsup names in its output', async () => {
  const built = [
    '// src/short.ts',
    'function short() {',
    '  return 1;',
    '}',
    '// src/texts/long.ts',
    'function long() {',
    "  return 'a text that takes most of the bundle\\n`';",
    '}',
    '// src/unused.ts',
    'function unused() {}',
    'export { long, short, unused };',
  ];
  writeFileSync(join(folder, 'dist/index.js'), built.join('\n'));
  const program = "import { long, short } from './dist/index.js'; console.log(long(), short());";
  const { text, map, gzippedBytes } = await bundleForBrowsers(folder, program, true);
  const sizes = moduleSizes(text, map, process.cwd());
  expect(sizes.map(({ module }) => module)).toEqual(
    expect.arrayContaining([join(folder, 'src/texts/long.ts'), join(folder, 'src/short.ts'), '(program)']),
  );
  expect(sizes).toHaveLength(3);
  expect(sizes[0]?.module).toBe(join(folder, 'src/texts/long.ts'));
  expect(sizes.reduce((sum, { minifiedBytes }) => sum + minifiedBytes, 0)).toBe(text.length);
  for (const size of sizes) expect(size.gzippedBytes).toBeLessThan(gzippedBytes);
});
