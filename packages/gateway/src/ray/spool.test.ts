import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Spool } from './spool.js';
import { SpoolFolder } from './spool-folder.js';

const MIB = 1024 * 1024;

async function makeFolder(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'raywire-test-spool-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function open(options: { start?: number; maxBytes?: number; totalBytes?: number } = {}) {
  const { start = 0, maxBytes = 1024 * MIB, totalBytes = 1024 * MIB } = options;
  const directory = await makeFolder();
  const folder = new SpoolFolder(directory, totalBytes);
  const faults: Error[] = [];
  const another = (): Spool => {
    const spool = new Spool({ folder, start, maxBytes, onFault: (error) => faults.push(error) });
    onTestFinished(() => spool.close());
    return spool;
  };
  return { spool: another(), another, directory, folder, faults };
}

/** Which of a spool's bytes are on disk, from `start` on, counted in steps. */
async function held(spool: Spool, step: number): Promise<number> {
  let bytes = 0;
  for (let at = 0; at < spool.end; at += step) if ((await spool.read(at, 1)) !== undefined) bytes += step;
  return bytes;
}

describe('a spool', () => {
  it('gives back what was appended, wherever it is read', async () => {
    const { spool } = await open({ start: 5, maxBytes: MIB });
    const bytes = Buffer.from(Array.from({ length: 700_000 }, (_, index) => index % 251));
    for (let at = 0; at < bytes.length; at += 70_000) await spool.append(bytes.subarray(at, at + 70_000));
    expect(spool.end).toBe(700_005);
    const parts: Uint8Array[] = [];
    for (let position = 5; position < spool.end; ) {
      const part = (await spool.read(position, 99_999)) as Uint8Array;
      parts.push(part);
      position += part.length;
    }
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
    expect(await spool.read(4, 1)).toBeUndefined();
    expect(await spool.read(spool.end, 1)).toBeUndefined();
  });

  it('holds its newest bytes and gives the others up, however few it may hold', async () => {
    for (const maxBytes of [40 * MIB, MIB, 0]) {
      const { spool } = await open({ maxBytes });
      const piece = new Uint8Array(MIB / 2);
      for (let count = 0; count < 100; count++) await spool.append(piece.fill(count));
      expect(await held(spool, MIB / 4)).toBeLessThanOrEqual(Math.max(maxBytes, MIB / 2));
      expect(await spool.read(0, 10)).toBeUndefined();
      expect(await spool.read(spool.end - 3, 10)).toEqual(Buffer.from([99, 99, 99]));
    }
  });

  it('shares the disk with the others: what is oldest gives way, whichever log it is of', async () => {
    const { spool, another } = await open({ totalBytes: 3 * MIB });
    const others = [spool, ...Array.from({ length: 5 }, another)];
    const piece = new Uint8Array(MIB / 4);
    for (let count = 0; count < 12; count++)
      await Promise.all(others.map((each, index) => each.append(piece.fill(index))));
    const bytes = await Promise.all(others.map((each) => held(each, MIB / 4)));
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(3 * MIB);
    for (const each of others) expect(await each.read(each.end - 1, 1)).toHaveLength(1);
  });

  it('leaves nothing in its folder, whatever becomes of its process, and a new one sweeps it', async () => {
    const { spool, directory, folder, faults } = await open();
    await spool.append(Buffer.from('text'));
    expect(await readdir(directory)).toEqual([]);
    await writeFile(join(directory, 'raywire-spool-01234567-89ab-cdef-0123-456789abcdef'), 'left behind');
    await writeFile(join(directory, 'something-else'), '');
    await folder.sweep();
    expect(await readdir(directory)).toEqual(['something-else']);
    await new SpoolFolder(join(directory, 'none'), MIB).sweep();
    expect(await spool.read(0, 10)).toEqual(Buffer.from('text'));
    expect(faults).toEqual([]);
  });

  it('goes on when its folder was removed', async () => {
    const { spool, directory, faults } = await open({ maxBytes: 0 });
    await spool.append(Buffer.alloc(300_000, 1));
    await rm(directory, { recursive: true });
    await spool.append(Buffer.alloc(300_000, 2));
    expect((await spool.read(299_999, 10))?.[0]).toBe(1);
    expect(await spool.read(599_999, 10)).toEqual(Buffer.from([2]));
    expect(faults).toEqual([]);
  });

  it('keeps the last bytes in memory once the disk has failed, and says so once', async () => {
    const { spool, directory, faults } = await open({ maxBytes: 0 });
    await spool.append(Buffer.alloc(MIB / 4, 1));
    await rm(directory, { recursive: true });
    await writeFile(directory, 'no folder any more');
    for (let count = 0; count < 20; count++) await spool.append(Buffer.alloc(MIB / 8, 2));
    await rm(directory);
    await mkdir(directory);
    await spool.append(Buffer.alloc(10, 3));
    expect(await spool.read(0, 1)).toEqual(Buffer.from([1]));
    expect(await spool.read(MIB / 4, 1)).toBeUndefined();
    expect(await spool.read(spool.end - 12, 2)).toEqual(Buffer.from([2, 2]));
    expect(await spool.read(spool.end - 10, 20)).toEqual(Buffer.alloc(10, 3));
    expect(faults).toHaveLength(1);
    expect(spool.fault).toBe(faults[0]);
  });
});
