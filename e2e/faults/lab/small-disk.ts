import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file system of its own, so small that a test can fill it. */
export interface SmallDisk {
  directory: string;
  /** Takes every byte that is left but so many. */
  fill(leave?: number): Promise<void>;
  /** Gives back what `fill` took. */
  makeRoom(): Promise<void>;
  close(): Promise<void>;
}

/** Why there can be none here; `undefined` where there can. */
export async function whyNoSmallDisk(): Promise<string | undefined> {
  try {
    await (await mountSmallDisk(64)).close();
    return undefined;
  } catch (error) {
    return `No file system can be mounted here: ${(error as Error).message.trim()}`;
  }
}

/** Mounts one in memory. @throws {Error} where that is not allowed, which takes root on Linux */
export async function mountSmallDisk(kibibytes: number): Promise<SmallDisk> {
  const directory = await mkdtemp(join(tmpdir(), 'raywire-small-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'raywire-small-disk', directory]);
  } catch (error) {
    await rmdir(directory);
    throw error;
  }
  const filler = join(directory, 'filler');
  return {
    directory,
    async fill(leave = 0) {
      const file = await open(filler, 'a');
      try {
        for (;;) await file.write(Buffer.alloc(4_096));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        await file.truncate((await file.stat()).size - leave);
      } finally {
        await file.close();
      }
    },
    makeRoom: () => rm(filler),
    async close() {
      await run('umount', [directory]);
      await rmdir(directory);
    },
  };
}
