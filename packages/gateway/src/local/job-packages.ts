import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { InvalidArgumentError, ServerError } from '@raywire/core';
import type { PackageStore } from '../contracts/package-store.js';
import { isDiskFull } from '../files/disk-full.js';
import { makeNamedFolder, makePrivateFolder } from '../files/own-files.js';
import { unzip } from './unzip.js';

/** Of all packages that are kept; the ones that were not asked for the longest go first. */
const MAX_KEPT_BYTES = 1024 ** 3;
/** Of one package when it is unpacked. */
const MAX_UNPACKED_BYTES = 4 * 1024 ** 3;
const UNPACK_MS = 300_000;
/** What is not finished: of an upload, or of a job that is not there yet. */
const UNFINISHED = '.new-';
const SCHEME = 'gcs://';

const run = promisify(execFile);

/**
 * Packages of the local driver, and the folders that jobs run in: each job has its own, as it may write there, until it
 * is deleted.
 */
export class JobPackages implements PackageStore {
  readonly #directory: string;
  readonly #packages: string;
  readonly #folders: string;

  constructor(directory: string) {
    this.#directory = directory;
    this.#packages = join(directory, 'packages');
    this.#folders = join(directory, 'work');
  }

  /** The package that a `working_dir` names; `undefined` where it names a folder. */
  static nameIn(workingDirectory: unknown): string | undefined {
    if (typeof workingDirectory !== 'string' || !workingDirectory.startsWith(SCHEME)) return undefined;
    return workingDirectory.slice(SCHEME.length);
  }

  /** Removes what an earlier gateway has not finished. */
  async sweep(): Promise<void> {
    for (const folder of [this.#packages, this.#folders]) {
      if (!existsSync(folder)) continue;
      makePrivateFolder(folder);
      for (const name of await readdir(folder)) {
        if (name.startsWith(UNFINISHED)) await rm(join(folder, name), { recursive: true, force: true });
      }
    }
  }

  async has(name: string): Promise<boolean> {
    const now = new Date();
    // The newest is the last to go.
    return utimes(join(this.#packages, name), now, now).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return false;
        throw error;
      },
    );
  }

  async put(name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    this.#makeFolder(this.#packages);
    const unfinished = join(this.#packages, UNFINISHED + randomUUID());
    try {
      const file = await open(unfinished, 'wx', 0o600);
      try {
        for await (const piece of content) await file.write(piece);
      } finally {
        await file.close();
      }
      await rename(unfinished, join(this.#packages, name));
    } catch (error) {
      await rm(unfinished, { force: true });
      throw explained(error);
    }
    await this.#makeRoom();
  }

  /**
   * Unpacks a package for a job that is about to be made.
   *
   * @returns the folder, for `keep` or `discard`
   * @throws {InvalidArgumentError} when the package is not here, or cannot be unpacked
   */
  async unpack(name: string): Promise<string> {
    if (!/^_ray_pkg_[\da-f]{32}\.(?:zip|tar\.gz|tar\.xz)$/.test(name) || !(await this.has(name))) {
      throw new InvalidArgumentError({
        message: `runtime_env.working_dir names a package that is not here: upload it first, by PUT packages/${name}/`,
      });
    }
    this.#makeFolder(this.#folders);
    const folder = join(this.#folders, UNFINISHED + randomUUID());
    const archive = join(this.#packages, name);
    try {
      await mkdir(folder, { mode: 0o700 });
      if (name.endsWith('.zip')) await unzip(archive, folder, MAX_UNPACKED_BYTES);
      else await run('tar', ['-xf', archive, '-C', folder, '--no-same-owner'], { timeout: UNPACK_MS });
      return folder;
    } catch (error) {
      this.discard(folder);
      const { syscall, code, message } = error as NodeJS.ErrnoException;
      if (isDiskFull(error) || syscall?.startsWith('spawn')) throw explained(error);
      // Other words than ours have paths of this machine in them.
      const why = code === undefined ? message : 'it is damaged, or has names that cannot be written here';
      throw new InvalidArgumentError({
        message: `The package of runtime_env.working_dir cannot be unpacked: ${why}`,
        cause: error,
      });
    }
  }

  /** Gives an unpacked folder to a job. */
  keep(folder: string, jobId: string): string {
    const kept = this.#folderOf(jobId);
    rmSync(kept, { recursive: true, force: true });
    renameSync(folder, kept);
    return kept;
  }

  discard(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
  }

  /** Removes the folder of a job, if it has one. */
  forget(jobId: string): void {
    rmSync(this.#folderOf(jobId), { recursive: true, force: true });
  }

  #folderOf(jobId: string): string {
    return join(this.#folders, `job-${jobId}`);
  }

  #makeFolder(path: string): void {
    makeNamedFolder(this.#directory);
    makePrivateFolder(path);
  }

  async #makeRoom(): Promise<void> {
    const names = (await readdir(this.#packages)).filter((name) => !name.startsWith(UNFINISHED));
    const files = await Promise.all(
      names.map(async (name) => ({ name, ...(await stat(join(this.#packages, name))) })),
    );
    files.sort((a, b) => b.mtimeMs - a.mtimeMs);
    let bytes = 0;
    for (const { name, size } of files) {
      bytes += size;
      if (bytes > MAX_KEPT_BYTES) await rm(join(this.#packages, name), { force: true });
    }
  }
}

function explained(error: unknown): unknown {
  if (!isDiskFull(error)) return error;
  const message = 'There is no room for the package: the disk of the gateway is full';
  return new ServerError({ statusCode: 503, message, cause: error });
}
