import type { FileHandle } from 'node:fs/promises';

/** A run of bytes of a log on disk. */
export class SpoolFile {
  /** Where in the log its first byte is. */
  readonly start: number;
  readonly #handle: FileHandle;
  #length = 0;
  #isClosed = false;

  constructor(start: number, handle: FileHandle) {
    this.start = start;
    this.#handle = handle;
  }

  get length(): number {
    return this.#length;
  }

  /** Its bytes are gone. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  holds(position: number): boolean {
    return !this.#isClosed && position >= this.start && position < this.start + this.#length;
  }

  /** Appends, one call at a time, and gives how many bytes it took. @throws {Error} of the file system */
  async append(bytes: Uint8Array): Promise<number> {
    const { bytesWritten } = await this.#handle.write(bytes, 0, bytes.length, this.#length);
    this.#length += bytesWritten;
    return bytesWritten;
  }

  /** At most so many bytes of the log from `position`. @throws {Error} of the file system */
  async read(position: number, maxBytes: number): Promise<Uint8Array> {
    const length = Math.min(maxBytes, this.start + this.#length - position);
    const buffer = Buffer.allocUnsafeSlow(length);
    const { bytesRead } = await this.#handle.read(buffer, 0, length, position - this.start);
    return buffer.subarray(0, bytesRead);
  }

  /** Waits for the calls that have begun. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#handle.close();
  }
}
