import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = dirname(dirname(import.meta.dirname));

/** A piece of code that a reader is shown. */
export interface CodeBlock {
  /** `packages/core/README.md:16`: where the code begins. */
  readonly place: string;
  readonly file: string;
  readonly language: 'ts' | 'js';
  readonly code: string;
}

/** The ```ts and ```js blocks of the README and of each package's. */
export function readmeBlocks(): CodeBlock[] {
  const files = ['README.md', ...globSync('packages/*/README.md', { cwd: root }).sort()];
  return files.flatMap((file) => blocksOf(file, readFileSync(join(root, file), 'utf8')));
}

/** The blocks of every `@example` in the sources of the packages. */
export function exampleBlocks(): CodeBlock[] {
  const files = globSync('packages/*/src/**/*.ts', { cwd: root }).sort();
  return files.flatMap((file) => {
    if (file.endsWith('.test.ts')) return [];
    // The same number of lines, so that a place is the one in the file.
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    return blocksOf(file, lines.map((line) => line.replace(/^\s*\* ?/, '')).join('\n'));
  });
}

function blocksOf(file: string, text: string): CodeBlock[] {
  return Array.from(text.matchAll(/^```(ts|js)\n(.*?)^```$/gms), ({ 1: language, 2: code, index }) => ({
    place: `${file}:${text.slice(0, index).split('\n').length + 1}`,
    file,
    language: language as 'ts' | 'js',
    code: code as string,
  }));
}
