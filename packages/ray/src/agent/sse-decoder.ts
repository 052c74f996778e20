import { ClientError, type LogFrame } from '@raywire/core';
import { withoutTrailingReturn } from '../source/line-cutter.js';
import type { DecodedLines, LogDecoder } from '../source/log-source.js';
import { EventCollector } from './event-collector.js';
import { EventRun } from './event-run.js';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const FIELD = /^(data|event|id|retry)(?::|$)|^:/;

/**
 * Decodes the agent's HTTP stream. `text/event-stream` is parsed by the standard, except that a line with no known
 * field is text, as old agents send it; of any other type each line is text unless it starts with `data: `.
 */
export class SseDecoder implements LogDecoder {
  readonly #standard: boolean;
  readonly #maxFrameBytes: number;
  readonly #events: EventCollector;
  readonly #run: EventRun;
  readonly #text = new TextDecoder('utf-8', { ignoreBOM: true });
  /** The bytes of an unfinished line. */
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #data: string | undefined;
  #isAtStart = true;

  constructor(options: { contentType: string | undefined; additions: boolean; maxFrameBytes: number }) {
    this.#standard = /^text\/event-stream\b/i.test(options.contentType ?? '');
    this.#maxFrameBytes = options.maxFrameBytes;
    this.#events = new EventCollector({ additions: options.additions, countsMessages: false });
    this.#run = new EventRun(options.additions);
  }

  decode(frames: readonly LogFrame[]): DecodedLines {
    let hasLine = false;
    for (const frame of frames) {
      const bytes = typeof frame === 'string' ? new TextEncoder().encode(frame) : frame;
      this.#pending.push(bytes);
      this.#pendingBytes += bytes.length;
      hasLine ||= bytes.includes(NEWLINE) || (this.#standard && bytes.includes(CARRIAGE_RETURN));
    }
    // A huge line is put together once, when its end has come.
    if (hasLine) this.#takeLines(this.#run.begin(this.#pending));
    if (this.#pendingBytes + (this.#data?.length ?? 0) > this.#maxFrameBytes) {
      throw new ClientError({
        code: 'FRAME_TOO_LARGE',
        statusCode: 429,
        message: `One event of the stream is larger than ${this.#maxFrameBytes} bytes.`,
      });
    }
    return this.#events.take();
  }

  /**
   * The standard discards an event without its blank line; one whose line is whole and says `complete` is taken all
   * the same, since agents that forget the last newline exist.
   */
  finish(): DecodedLines {
    const data = this.#data;
    this.#data = undefined;
    if (data?.startsWith('{') && data.endsWith('}')) this.#events.add(data);
    return this.#events.take();
  }

  /** Takes all whole lines, and keeps the rest. */
  #takeLines(bytes: Uint8Array): void {
    let end = bytes.lastIndexOf(NEWLINE) + 1;
    // A `\r` at the very end may be half of a `\r\n`.
    if (this.#standard) end += bytes.subarray(end, -1).lastIndexOf(CARRIAGE_RETURN) + 1;
    let start = this.#afterByteOrderMark(bytes);
    while (start < end) {
      if (this.#standard && this.#data === undefined) start = this.#takeRun(bytes, start, end);
      start = this.#takeUntilBlank(bytes, start, end);
    }
    this.#pending = end < bytes.length ? [bytes.slice(end)] : [];
    this.#pendingBytes = bytes.length - end;
  }

  /** The standard has one byte order mark dropped at the very start; a log keeps its own. */
  #afterByteOrderMark(bytes: Uint8Array): number {
    const isDropped =
      this.#standard && this.#isAtStart && BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte);
    this.#isAtStart = false;
    return isDropped ? BYTE_ORDER_MARK.length : 0;
  }

  /** Takes the events that are written alike, each with its blank line, and gives where they end. */
  #takeRun(bytes: Uint8Array, from: number, to: number): number {
    const run = this.#run;
    let start = from;
    while (start < to && this.#events.end === undefined) {
      const end = run.read(start, to);
      if (end < 0 || end + 2 > to || bytes[end] !== NEWLINE || bytes[end + 1] !== NEWLINE) break;
      run.keep();
      start = end + 2;
    }
    if (start === from) return from;
    const read = run.take();
    if (read === undefined) return this.#takeText(bytes, from, start);
    this.#events.addLines(read.lines, read.canonical);
    return start;
  }

  /** Takes the lines up to and with the next blank one, line by line, and gives where they end. */
  #takeUntilBlank(bytes: Uint8Array, start: number, to: number): number {
    let end = bytes.indexOf(NEWLINE, start);
    while (this.#standard && end >= 0 && end < to && bytes[end + 1] !== NEWLINE)
      end = bytes.indexOf(NEWLINE, end + 1);
    const isBlank = this.#standard && end >= 0 && end + 1 < to;
    return this.#takeText(bytes, start, isBlank ? end + 2 : to);
  }

  #takeText(bytes: Uint8Array, start: number, end: number): number {
    if (start >= end) return end;
    const text = this.#text.decode(bytes.subarray(start, end));
    const lines = (this.#standard ? text.replace(/\r\n?/g, '\n') : text).split('\n');
    // Behind the last newline is nothing.
    for (let index = 0; index < lines.length - 1; index++) this.#line(lines[index] as string);
    return end;
  }

  #line(line: string): void {
    if (this.#events.end !== undefined) return;
    if (!this.#standard) {
      const text = withoutTrailingReturn(line);
      if (text.startsWith('data: ')) this.#events.add(text.slice('data: '.length));
      else this.#events.addMessage(text);
      return;
    }
    if (line === '') {
      this.#dispatch();
    } else if (line.startsWith('data:')) {
      const value = line.startsWith('data: ') ? line.slice(6) : line.slice(5);
      this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    } else if (!FIELD.test(line)) {
      this.#dispatch();
      this.#events.addMessage(line);
    }
  }

  #dispatch(): void {
    const data = this.#data;
    this.#data = undefined;
    if (data !== undefined) this.#events.add(data);
  }
}
