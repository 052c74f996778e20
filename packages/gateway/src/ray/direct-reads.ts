import { StreamGapError } from '@raywire/core';
import type { ByteStream } from './byte-stream.js';

/** An open stream of a log. */
interface DirectRead {
  stream: ByteStream;
  bytes: AsyncIterator<Uint8Array>;
  /** What came last. */
  frame: Uint8Array;
  /** Where in the log `frame` begins. */
  start: number;
}

/** So many readers of one log can be far apart before their streams are opened again and again. */
const MAX_OPEN = 4;
/** How long a stream waits for the next read. */
const IDLE_MS = 5_000;

/**
 * Reads of what the spool does not hold, from the cluster. A reader that goes on where a read ended goes on in its
 * stream: where the cluster has no byte ranges, each new stream costs it the whole file.
 */
export class DirectReads {
  readonly #connect: (offset: number) => Promise<ByteStream>;
  /** Those that wait for the next read, the oldest first. */
  #idle: DirectRead[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** @param connect opens the log at a byte, to read it to its present end */
  constructor(connect: (offset: number) => Promise<ByteStream>) {
    this.#connect = connect;
  }

  /**
   * Between 1 and `maxBytes` bytes from `position`.
   *
   * @throws {StreamGapError} when the cluster has no such byte any more
   * @throws {ClientError} of the cluster
   */
  async read(position: number, maxBytes: number): Promise<Uint8Array> {
    const waiting = this.#idle.find(
      ({ start, frame }) => position >= start && position <= start + frame.length,
    );
    if (waiting !== undefined) {
      this.#idle = this.#idle.filter((read) => read !== waiting);
      const bytes = await this.#take(waiting, position, maxBytes);
      // It has come to what was the end of the log when it was opened.
      if (bytes !== undefined) return bytes;
    }
    const stream = await this.#connect(position);
    const frame = new Uint8Array(0);
    const read = { stream, bytes: stream.bytes[Symbol.asyncIterator](), frame, start: position };
    const bytes = await this.#take(read, position, maxBytes);
    if (bytes !== undefined) return bytes;
    throw new StreamGapError({
      message: `Byte ${position} of the log can no longer be read from the cluster.`,
    });
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const { stream } of this.#idle.splice(0)) stream.close();
  }

  async #take(read: DirectRead, position: number, maxBytes: number): Promise<Uint8Array | undefined> {
    try {
      while (position === read.start + read.frame.length) {
        const next = await read.bytes.next();
        if (next.done) {
          read.stream.close();
          return undefined;
        }
        read.start = position;
        read.frame = next.value;
      }
    } catch (error) {
      read.stream.close();
      throw error;
    }
    this.#keep(read);
    return read.frame.subarray(position - read.start, position - read.start + maxBytes);
  }

  #keep(read: DirectRead): void {
    if (this.#isClosed) {
      read.stream.close();
      return;
    }
    this.#idle.push(read);
    if (this.#idle.length > MAX_OPEN) this.#idle.shift()?.stream.close();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      for (const { stream } of this.#idle.splice(0)) stream.close();
    }, IDLE_MS);
  }
}
