import type { LogFrame } from '@raywire/core';
import { frameTooLarge } from '@raywire/core/internal';
import { ByteJoiner } from '../source/byte-joiner.js';
import { withoutTrailingReturn } from '../source/line-cutter.js';
import type { DecodedLines, LogDecoder } from '../source/log-source.js';
import { EventCollector } from './event-collector.js';
import type { EventRuns, MakeEventRuns } from './event-runs.node.js';

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
  readonly #runs: EventRuns | undefined;
  readonly #joiner = new ByteJoiner();
  readonly #text = new TextDecoder('utf-8', { ignoreBOM: true });
  /** The bytes of an unfinished line. */
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #data: string | undefined;
  #isAtStart = true;

  constructor(options: {
    contentType: string | undefined;
    additions: boolean;
    maxFrameBytes: number;
    eventRuns: MakeEventRuns;
  }) {
    this.#standard = /^text\/event-stream\b/i.test(options.contentType ?? '');
    this.#maxFrameBytes = options.maxFrameBytes;
    this.#events = new EventCollector({ additions: options.additions, countsMessages: false });
    if (this.#standard) this.#runs = options.eventRuns(this.#events, this.#joiner, options.additions);
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
    if (hasLine) this.#takeLines((this.#runs ?? this.#joiner).join(this.#pending));
    if (this.#pendingBytes + (this.#data?.length ?? 0) > this.#maxFrameBytes) {
      throw frameTooLarge(this.#maxFrameBytes);
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
    const start = this.#afterByteOrderMark(bytes);
    const addLines = (from: number, to: number): boolean => this.#addLines(bytes.subarray(from, to));
    if (this.#runs === undefined) addLines(start, end);
    else this.#runs.readStream(start, end, this.#data !== undefined, addLines);
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

  /** Takes whole lines, and tells whether an event is not at its end yet. */
  #addLines(bytes: Uint8Array): boolean {
    const text = this.#text.decode(bytes);
    // Looking for a `\r` costs a tenth of replacing none.
    const hasReturns = this.#standard && text.includes('\r');
    const lines = (hasReturns ? text.replace(/\r\n?/g, '\n') : text).split('\n');
    // Behind the last newline is nothing.
    for (const line of lines.slice(0, -1)) this.#line(line);
    return this.#data !== undefined;
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
