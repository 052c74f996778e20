import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { InvalidArgumentError } from '@raywire/core';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UploadProgress } from './local-package.js';
import { type PackOptions, packFolder } from './pack-folder.node.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'raywire-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function pack(options: Partial<PackOptions> = {}): Promise<Uint8Array> {
  return packFolder({
    folder,
    within: '',
    place: 'submitJob: workingDirectory',
    excludes: [],
    maxBytes: 1 << 20,
    onProgress: undefined,
    signal: undefined,
    ...options,
  });
}

async function packedNames(options: Partial<PackOptions> = {}): Promise<string[]> {
  return Object.keys(unzipSync(await pack(options))).sort();
}

describe('a packed folder', () => {
  it('has the content of its files, and is the same for the same content', async () => {
    write({ 'main.py': 'print(1)', 'pkg/wide/日本.txt': 'x'.repeat(300_000), 'empty.txt': '' });
    const first = await pack();
    const files = unzipSync(first);
    expect(new TextDecoder().decode(files['main.py'])).toBe('print(1)');
    expect(files['pkg/wide/日本.txt']).toHaveLength(300_000);
    expect(files['empty.txt']).toHaveLength(0);
    expect(await pack()).toEqual(first);
    write({ 'main.py': 'print(2)' });
    expect(await pack()).not.toEqual(first);
  });

  it('leaves out what its ignore files say, in each folder, and what Ray never packs', async () => {
    write({
      '.gitignore': '*.log\n/build/\n',
      '.rayignore': 'data/**\n!data/keep.csv\n',
      'a.py': '',
      'a.log': '',
      'build/x': '',
      'pkg/build/y': '',
      'data/big.csv': '',
      'data/keep.csv': '',
      'pkg/.gitignore': '!kept.log\nlocal.txt\n',
      'pkg/kept.log': '',
      'pkg/other.log': '',
      'pkg/local.txt': '',
      'local.txt': '',
      '.git/config': '',
      'venv/bin/python': '',
      'pkg/__pycache__/a.pyc': '',
      'web/node_modules/left-pad/index.js': '',
      'left/out.txt': '',
    });
    expect(await packedNames({ excludes: ['left'] })).toEqual(
      [
        '.gitignore',
        '.rayignore',
        'a.py',
        'data/keep.csv',
        'local.txt',
        'pkg/.gitignore',
        'pkg/build/y',
        'pkg/kept.log',
      ].sort(),
    );
  });

  it.each([['excludes'], ['.rayignore']])('brings back by its %s what is left out by itself', async (by) => {
    write({ 'web/node_modules/a/index.js': '', '.git/config': '', 'venv/x': '' });
    const back = ['!node_modules', '!.git'];
    if (by === '.rayignore') write({ '.rayignore': back.join('\n') });
    expect(await packedNames(by === 'excludes' ? { excludes: back } : {})).toEqual(
      ['.git/config', ...(by === '.rayignore' ? ['.rayignore'] : []), 'web/node_modules/a/index.js'].sort(),
    );
  });

  it('follows links, but not around in circles, and leaves out those that lead nowhere', async () => {
    write({ 'real/a.txt': 'a' });
    symlinkSync(join(folder, 'real'), join(folder, 'linked'));
    symlinkSync(folder, join(folder, 'real', 'up'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'broken'));
    expect(await packedNames()).toEqual(['linked/a.txt', 'real/a.txt']);
  });

  it('has its empty folders, as Ray packs them, unless they are ignored', async () => {
    mkdirSync(join(folder, 'out', 'inner'), { recursive: true });
    mkdirSync(join(folder, 'build'));
    write({ '.gitignore': 'build/\n*.log\n', 'logs/only.log': '' });
    const packed = await pack();
    expect(Object.keys(unzipSync(packed)).sort()).toEqual(['.gitignore', 'out/inner/']);
    expect(await pack()).toEqual(packed);
  });

  it('is refused by the name of what cannot be read, unless that is ignored', async () => {
    // Not UTF-8, so that no name in a string leads to it.
    writeFileSync(Buffer.concat([Buffer.from(join(folder, 'name-')), Buffer.from([0xff])]), '');
    await expect(pack()).rejects.toSatisfy((error) => InvalidArgumentError.isInstance(error));
    await expect(pack()).rejects.toThrow(/name-.*cannot be read \(ENOENT\).*\.rayignore/s);
    write({ '.rayignore': 'name-*\n' });
    expect(await packedNames()).toEqual(['.rayignore']);
  });

  it('is refused before it grows past the limit, with the remedy', async () => {
    write({ 'noise.bin': Array.from({ length: 100_000 }, () => Math.random()).join('') });
    await expect(pack({ maxBytes: 1_000 })).rejects.toThrow(/larger than.*noise\.bin.*\.rayignore/s);
  });

  it('tells how far it has come, and stops when it is told to', async () => {
    write({ a: 'x'.repeat(600_000) });
    const seen: UploadProgress[] = [];
    await pack({ onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({ phase: 'pack', bytes: 600_000, totalBytes: undefined });
    await expect(pack({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});
