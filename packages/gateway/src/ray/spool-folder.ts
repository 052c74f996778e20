import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SpoolFile } from './spool-file.js';

const NAME = /^raywire-spool-[\da-f-]{36}$/;
/** Less than that holds no two files of the smallest size. */
const SMALLEST_BYTES = 512 * 1024;

/**
 * The disk space that the logs of a driver share. A file loses its name as soon as it is open, so its space is free
 * again however the gateway ends, and nothing in the folder is ever read.
 */
export class SpoolFolder {
  readonly maxBytes: number;
  readonly #directory: string;
  /** The oldest first. */
  readonly #files = new Set<SpoolFile>();
  /** Bytes on disk, and those that are about to be. */
  #used = 0;

  /** @param maxBytes of all logs together; at least 512 KiB */
  constructor(directory: string, maxBytes: number) {
    this.#directory = directory;
    this.maxBytes = Math.max(maxBytes, SMALLEST_BYTES);
  }

  /** Removes what a gateway left that was killed while it opened a file. @throws {Error} of the file system */
  async sweep(): Promise<void> {
    const names = await readdir(this.#directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    for (const name of names.filter((each) => NAME.test(each))) {
      await rm(join(this.#directory, name), { force: true });
    }
  }

  /**
   * A new file. @param start where in the log its first byte is
   * @throws {Error} of the file system
   */
  async create(start: number): Promise<SpoolFile> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const path = join(this.#directory, `raywire-spool-${randomUUID()}`);
    const handle = await open(path, 'wx+', 0o600);
    try {
      await rm(path, { force: true });
    } catch (error) {
      await handle.close();
      throw error;
    }
    const file = new SpoolFile(start, handle);
    this.#files.add(file);
    return file;
  }

  /**
   * Appends to a file of this folder, dropping the oldest ones, whichever log they are of, until there is room.
   *
   * @returns how many bytes it took: none when the file was dropped itself
   * @throws {Error} of the file system
   */
  async append(file: SpoolFile, bytes: Uint8Array): Promise<number> {
    this.#used += bytes.length;
    let taken = 0;
    try {
      for (const oldest of this.#files) {
        if (this.#used <= this.maxBytes) break;
        await this.drop(oldest);
      }
      if (!file.isClosed) taken = await file.append(bytes);
      return taken;
    } finally {
      this.#used -= bytes.length - taken;
    }
  }

  async drop(file: SpoolFile): Promise<void> {
    if (!this.#files.delete(file)) return;
    await file.close();
    this.#used -= file.length;
  }
}
