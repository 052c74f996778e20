import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LARGEST_SEGMENT_BYTES = 16 * 1024 * 1024;
const SMALLEST_SEGMENT_BYTES = 256 * 1024;

interface Segment {
  readonly start: number;
  readonly file: FileHandle;
  readonly path: string;
  length: number;
}

/**
 * A part of a growing log on disk, at most so many bytes (or 512 KiB, if that is more): the oldest segment goes when a
 * new one would be too much.
 * Nobody else reads its files; they go with it.
 */
export class Spool {
  readonly #directory: string;
  readonly #maxBytes: number;
  readonly #segmentBytes: number;
  readonly #segments: Segment[] = [];
  #end: number;

  private constructor(directory: string, start: number, maxBytes: number) {
    this.#directory = directory;
    this.#end = start;
    this.#maxBytes = maxBytes;
    const half = Math.floor(maxBytes / 2);
    this.#segmentBytes = Math.min(Math.max(half, SMALLEST_SEGMENT_BYTES), LARGEST_SEGMENT_BYTES);
  }

  /** @param start where in the log the spool begins */
  static async create(options: {
    parent?: string | undefined;
    start: number;
    maxBytes: number;
  }): Promise<Spool> {
    const directory = await mkdtemp(join(options.parent ?? tmpdir(), 'raywire-spool-'));
    return new Spool(directory, options.start, options.maxBytes);
  }

  /** The first byte that it holds. */
  get start(): number {
    return this.#segments[0]?.start ?? this.#end;
  }

  /** After the last byte that it holds. */
  get end(): number {
    return this.#end;
  }

  /** One call at a time. @throws {Error} of the file system, for example when the disk is full */
  async append(bytes: Uint8Array): Promise<void> {
    for (let written = 0; written < bytes.length; ) {
      const segment = await this.#writable();
      const part = bytes.subarray(written, written + this.#segmentBytes - segment.length);
      const { bytesWritten } = await segment.file.write(part, 0, part.length, segment.length);
      segment.length += bytesWritten;
      this.#end += bytesWritten;
      written += bytesWritten;
    }
  }

  /** At most `maxBytes` from `position`; `undefined` when that is not (or no longer) here. */
  async read(position: number, maxBytes: number): Promise<Uint8Array | undefined> {
    const segment = this.#segments.findLast(({ start }) => start <= position);
    if (segment === undefined || position >= segment.start + segment.length) return undefined;
    const length = Math.min(maxBytes, segment.start + segment.length - position);
    const buffer = Buffer.allocUnsafeSlow(length);
    try {
      const { bytesRead } = await segment.file.read(buffer, 0, length, position - segment.start);
      return bytesRead === 0 ? undefined : buffer.subarray(0, bytesRead);
    } catch (error) {
      // The oldest segment may go in the middle of a read.
      if (!this.#segments.includes(segment)) return undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    for (const segment of this.#segments.splice(0)) await segment.file.close();
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #writable(): Promise<Segment> {
    const last = this.#segments.at(-1);
    if (last !== undefined && last.length < this.#segmentBytes) return last;
    if ((this.#segments.length + 1) * this.#segmentBytes > this.#maxBytes && this.#segments.length > 1) {
      const oldest = this.#segments.shift() as Segment;
      await oldest.file.close();
      await rm(oldest.path, { force: true });
    }
    const path = join(this.#directory, String(this.#end));
    const segment: Segment = { start: this.#end, file: await open(path, 'wx+', 0o600), path, length: 0 };
    this.#segments.push(segment);
    return segment;
  }
}
