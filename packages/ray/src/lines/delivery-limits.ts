import type { StreamLimits } from '@raywire/network';
import { Utf8 } from '#utf8';
import type { LineList, LineMessages } from '../source/log-source.js';
import { ChangedLines } from './changed-lines.js';

/** A limit that ends a tail. */
export type DeliveryLimit = 'maxMessages' | 'maxLines' | 'maxBytes' | 'maxMessageSize';

/** The part of some lines that may be delivered. */
interface Allowed {
  lines: LineList;
  /** The limit that the next line would pass. */
  exceeded?: DeliveryLimit | undefined;
}

const MARK = '…[truncated]';
const MARK_BYTES = 14;

/** Counts what one tail has delivered, over all its connections, against its limits. */
export class DeliveryLimits {
  readonly #utf8 = new Utf8();
  #messages = 0;
  #lines = 0;
  #bytes = 0;

  constructor(readonly limits: StreamLimits) {}

  get lines(): number {
    return this.#lines;
  }

  /** UTF-8 bytes of the delivered lines, without newlines. */
  get bytes(): number {
    return this.#bytes;
  }

  /** UTF-8 bytes of some lines, without newlines. */
  bytesOf(lines: readonly string[]): number {
    return this.#utf8.length(lines.join(''));
  }

  /**
   * Takes as many lines as the limits allow.
   *
   * @param size.bytes UTF-8 bytes of all of `lines`, without newlines; `size.longest`: no line has more, where that is
   *   known; `size.messages`: what the lines came in; `'each'`: each line is a message; `undefined`: messages do not count
   */
  take(
    lines: LineList,
    size: { bytes: number; longest?: number | undefined; messages: LineMessages | 'each' | undefined },
  ): Allowed {
    const { bytes, longest, messages } = size;
    const isShort = longest !== undefined && longest <= this.limits.maxMessageSize;
    let { lines: allowed, exceeded } = isShort ? { lines, exceeded: undefined } : this.#checkSizes(lines);
    const left = this.limits.maxMessages - this.#messages;
    const count = messages === 'each' ? allowed.length : (messages?.count ?? 0);
    if (count > left) {
      const end = typeof messages === 'object' ? (messages.starts()[left] as number) : left;
      if (end < allowed.length) {
        allowed = allowed.slice(0, end);
        exceeded = 'maxMessages';
      }
    }
    if (allowed.length > this.limits.maxLines - this.#lines) {
      allowed = allowed.slice(0, this.limits.maxLines - this.#lines);
      exceeded = 'maxLines';
    }
    let total = allowed === lines ? bytes : this.bytesOf(allowed.slice());
    const room = this.limits.maxBytes - this.#bytes;
    if (total > room) {
      let count = 0;
      total = 0;
      for (let size = this.#sizeAt(allowed, 0); total + size <= room; size = this.#sizeAt(allowed, count)) {
        total += size;
        count++;
      }
      allowed = allowed.slice(0, count);
      exceeded = 'maxBytes';
    }
    this.#messages += Math.min(count, left);
    this.#lines += allowed.length;
    this.#bytes += total;
    return { lines: allowed, exceeded };
  }

  /** Whether an unfinished line is already longer than a line may be. */
  outgrown(shown: string): boolean {
    const max = this.limits.maxMessageSize;
    return this.limits.oversize === 'error' && shown.length * 3 > max && this.#utf8.length(shown) > max;
  }

  #checkSizes(lines: LineList): Allowed {
    const max = this.limits.maxMessageSize;
    const truncated: string[] = [];
    for (let index = 0; index < lines.length; index++) {
      const line = lines.at(index) as string;
      if (line.length * 3 <= max || this.#utf8.length(line) <= max) continue;
      if (this.limits.oversize === 'error')
        return { lines: lines.slice(0, index), exceeded: 'maxMessageSize' };
      truncated[index] = this.#truncate(line, max);
    }
    return { lines: truncated.length === 0 ? lines : new ChangedLines(lines, truncated) };
  }

  #sizeAt(lines: LineList, index: number): number {
    const line = lines.at(index);
    return line === undefined ? Number.POSITIVE_INFINITY : this.#utf8.length(line);
  }

  /** The beginning of a line with a visible mark, together at most `max` bytes (never less than the mark). */
  #truncate(line: string, max: number): string {
    const room = new Uint8Array(Math.max(0, max - MARK_BYTES));
    return line.slice(0, new TextEncoder().encodeInto(line, room).read) + MARK;
  }
}
