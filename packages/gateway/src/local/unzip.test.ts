import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packLocalFiles } from '@raywire/ray/internal';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeDirectory } from '../testing/gateway-harness.js';
import { unzip } from './unzip.js';

async function makeArchive(files: Record<string, [content: string, mode: number]>): Promise<Buffer> {
  const source = await makeDirectory();
  for (const [name, [content, mode]] of Object.entries(files)) {
    mkdirSync(join(source, name, '..'), { recursive: true });
    writeFileSync(join(source, name), content, { mode });
  }
  mkdirSync(join(source, 'empty'));
  const { bytes } = await packLocalFiles(
    { source, kind: 'directory', place: 'test', excludes: [] },
    { onProgress: undefined, signal: undefined },
  );
  return Buffer.from(bytes);
}

async function unpacked(archive: Buffer, maxBytes = 1 << 20): Promise<string> {
  const folder = await makeDirectory();
  writeFileSync(join(folder, 'archive'), archive);
  mkdirSync(join(folder, 'in', 'target'), { recursive: true });
  await unzip(join(folder, 'archive'), join(folder, 'in', 'target'), maxBytes);
  return join(folder, 'in', 'target');
}

test('an archive is unpacked with its folders, its names and what can be executed', async () => {
  const big = 'line\n'.repeat(50_000);
  const archive = await makeArchive({
    'a/日本.txt': [big, 0o644],
    'run.sh': ['#!/bin/sh', 0o755],
    'nothing.txt': ['', 0o666],
  });
  // A comment may follow the end.
  const folder = await unpacked(Buffer.concat([archive, Buffer.from('no comment')]));
  expect(readdirSync(folder).sort()).toEqual(['a', 'empty', 'nothing.txt', 'run.sh']);
  expect(readFileSync(join(folder, 'a', '日本.txt'), 'utf8')).toBe(big);
  const modeOf = (name: string): number => statSync(join(folder, name)).mode & 0o777;
  expect([modeOf('run.sh'), modeOf('nothing.txt'), modeOf('empty')]).toEqual([0o700, 0o600, 0o700]);
});

test('an archive that becomes too large is refused, also when it says that it is small', async () => {
  const archive = await makeArchive({ 'a.txt': ['x'.repeat(100_000), 0o644] });
  await expect(unpacked(archive, 99_999)).rejects.toThrow('it has more than 99999 bytes');
  // The size in the entry of the directory, at the end.
  archive.writeUInt32LE(10, archive.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
  await expect(unpacked(archive, 99_999)).rejects.toMatchObject({ code: 'ERR_BUFFER_TOO_LARGE' });
});

test('whatever is wrong with an archive, nothing is written beside the folder', async () => {
  const archive = await makeArchive({ 'aa/b.txt': ['some text', 0o644], 'c.txt': ['more', 0o644] });
  const change = fc.record({ at: fc.nat(archive.length - 1), byte: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      async (changes, climbs) => {
        const text = archive.toString('latin1');
        const damaged = Buffer.from(climbs ? text.replaceAll('aa/', '../') : text, 'latin1');
        for (const { at, byte } of changes) damaged[at] = byte;
        const folder = await makeDirectory();
        writeFileSync(join(folder, 'archive'), damaged);
        mkdirSync(join(folder, 'in', 'target'), { recursive: true });
        await unzip(join(folder, 'archive'), join(folder, 'in', 'target'), 1 << 20).catch(() => undefined);
        expect(readdirSync(join(folder, 'in'))).toEqual(['target']);
        expect(readdirSync(folder).sort()).toEqual(['archive', 'in']);
      },
    ),
    { numRuns: 200 },
  );
});
