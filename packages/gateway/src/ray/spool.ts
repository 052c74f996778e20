import { RecentBytes } from './recent-bytes.js';
import type { SpoolFile } from './spool-file.js';
import type { SpoolFolder } from './spool-folder.js';

const LARGEST_FILE_BYTES = 16 * 1024 * 1024;
const SMALLEST_FILE_BYTES = 256 * 1024;

/**
 * A part of a growing log on disk, at most so many bytes (or 512 KiB, if that is more): the oldest file goes when a new
 * one would be too much. It is a cache. From its first fault on (a full disk, say) it holds no more than the last bytes,
 * in memory, and what it does not hold is read from the cluster.
 */
export class Spool {
  readonly #folder: SpoolFolder;
  readonly #maxBytes: number;
  readonly #fileBytes: number;
  readonly #onFault: (error: Error) => void;
  readonly #recent = new RecentBytes();
  #files: SpoolFile[] = [];
  #end: number;
  #fault: Error | undefined;

  /**
   * @param start where in the log the spool begins
   * @param onFault called once, with the first error of the file system
   */
  constructor(options: {
    folder: SpoolFolder;
    start: number;
    maxBytes: number;
    onFault: (error: Error) => void;
  }) {
    this.#folder = options.folder;
    this.#end = options.start;
    this.#maxBytes = options.maxBytes;
    this.#onFault = options.onFault;
    const half = Math.floor(Math.min(options.maxBytes, options.folder.maxBytes) / 2);
    this.#fileBytes = Math.min(Math.max(half, SMALLEST_FILE_BYTES), LARGEST_FILE_BYTES);
  }

  /** After the last byte that was appended. */
  get end(): number {
    return this.#end;
  }

  /** Why it does not use the disk any more. */
  get fault(): Error | undefined {
    return this.#fault;
  }

  /** While nothing was appended: begins at the beginning of the log. */
  rewind(): void {
    this.#end = 0;
  }

  /** One call at a time. Never rejects. */
  async append(bytes: Uint8Array): Promise<void> {
    for (let written = 0; written < bytes.length; ) {
      const rest = bytes.subarray(written);
      const count = this.#fault === undefined ? await this.#toDisk(rest) : this.#toMemory(rest);
      this.#end += count;
      written += count;
    }
  }

  /** At most `maxBytes` from `position`; `undefined` when that is not (or no longer) here. Never rejects. */
  async read(position: number, maxBytes: number): Promise<Uint8Array | undefined> {
    const file = this.#files.findLast((each) => each.holds(position));
    if (file === undefined) return this.#recent.read(position, maxBytes);
    try {
      const bytes = await file.read(position, maxBytes);
      if (bytes.length > 0) return bytes;
      throw new Error('The spool file is shorter than what was written to it');
    } catch (error) {
      // It may have made room for other bytes during the read.
      if (!file.isClosed) this.#fail(error as Error);
      return undefined;
    }
  }

  async close(): Promise<void> {
    for (const file of this.#files.splice(0)) await this.#folder.drop(file);
  }

  /** How many bytes the disk took; 0 when they must be offered again. */
  async #toDisk(bytes: Uint8Array): Promise<number> {
    try {
      const file = await this.#writable();
      const part = bytes.subarray(0, this.#fileBytes - file.length);
      return await this.#folder.append(file, part);
    } catch (error) {
      this.#fail(error as Error);
      return 0;
    }
  }

  #toMemory(bytes: Uint8Array): number {
    this.#recent.append(this.#end, bytes);
    return bytes.length;
  }

  async #writable(): Promise<SpoolFile> {
    this.#files = this.#files.filter(({ isClosed }) => !isClosed);
    const last = this.#files.at(-1);
    if (last !== undefined && last.length < this.#fileBytes) return last;
    if ((this.#files.length + 1) * this.#fileBytes > this.#maxBytes && this.#files.length > 1) {
      await this.#folder.drop(this.#files.shift() as SpoolFile);
    }
    const file = await this.#folder.create(this.#end);
    this.#files.push(file);
    return file;
  }

  #fail(error: Error): void {
    if (this.#fault !== undefined) return;
    this.#fault = error;
    this.#onFault(error);
  }
}
