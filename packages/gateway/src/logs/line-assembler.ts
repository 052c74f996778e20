import type { JobLog } from '../contracts/job-log.js';
import { LogBatch } from './log-batch.js';

/** A batch is handed on at this size; only a longer line is larger. */
const BATCH_BYTES = 64 * 1024;
/** How much of a long line is read at once. */
const LONG_LINE_READ_BYTES = 1024 * 1024;
/** JavaScript's strings end at 512 MiB, and JSON may double a line. */
const MAX_LINE_BYTES = 200 * 1024 * 1024;
/** Of an unfinished line no more than this is shown: a progress bar needs its last segments only. */
const PARTIAL_BYTES = 4 * 1024;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Cuts the next whole lines out of a log, from one position on. What it has read of an unfinished line it keeps. */
export class LineAssembler {
  readonly #log: JobLog;
  readonly #start: number;
  #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(log: JobLog, start: number) {
    this.#log = log;
    this.#start = start;
  }

  /** Where reading goes on: after the bytes of the unfinished line. */
  get position(): number {
    return this.#start + this.#length;
  }

  /**
   * The next whole lines; when the log has ended, its unterminated last line too. `undefined` when the present end
   * comes first.
   *
   * @throws {RangeError} when a line is longer than what a message can hold
   */
  async pull(): Promise<LogBatch | undefined> {
    for (;;) {
      const room = this.#length < BATCH_BYTES ? BATCH_BYTES - this.#length : LONG_LINE_READ_BYTES;
      const chunk = await this.#log.read(this.position, room);
      if (chunk.length === 0) {
        const ended = this.#log.end !== undefined && this.position >= this.#log.end.size;
        return ended && this.#length > 0 ? this.#take(new Uint8Array(0)) : undefined;
      }
      const longLine = this.#length >= BATCH_BYTES;
      const newline = longLine ? chunk.indexOf(NEWLINE) : chunk.lastIndexOf(NEWLINE);
      if (newline >= 0) return this.#take(chunk.subarray(0, newline + 1));
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      if (this.#length > MAX_LINE_BYTES) {
        throw new RangeError(
          `The line at byte ${this.#start} of the log is longer than ${MAX_LINE_BYTES} bytes: ` +
            'no message can hold it. Read the log as a whole (GET jobs/{id}/logs/).',
        );
      }
    }
  }

  /**
   * The state of the unfinished line, at most its last 4 KiB, cut after a `\r` where there is one; `undefined` when
   * nothing of it was written yet.
   */
  partial(): string | undefined {
    if (this.#length === 0) return undefined;
    let bytes = this.#lastBytes(PARTIAL_BYTES);
    if (this.#length > bytes.length) {
      const carriageReturn = bytes.indexOf(CARRIAGE_RETURN);
      let cut = carriageReturn >= 0 && carriageReturn < bytes.length - 1 ? carriageReturn + 1 : 0;
      // A character that was cut in half is left out.
      while (cut < bytes.length && ((bytes[cut] ?? 0) & 0xc0) === 0x80) cut += 1;
      bytes = bytes.subarray(cut);
    }
    // Streaming leaves out a last character whose bytes are not all there yet.
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
  }

  #take(last: Uint8Array): LogBatch {
    const bytes = this.#chunks.length === 0 ? last : Buffer.concat([...this.#chunks, last]);
    this.#chunks = [];
    this.#length = 0;
    return new LogBatch(this.#start, bytes);
  }

  #lastBytes(count: number): Uint8Array {
    const picked: Uint8Array[] = [];
    let length = 0;
    for (let index = this.#chunks.length - 1; index >= 0 && length < count; index -= 1) {
      const chunk = this.#chunks[index] as Uint8Array;
      picked.unshift(chunk);
      length += chunk.length;
    }
    const bytes = picked.length === 1 ? (picked[0] as Uint8Array) : Buffer.concat(picked);
    return bytes.subarray(Math.max(0, bytes.length - count));
  }
}
