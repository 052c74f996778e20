import { ClientError, type LogFrame } from '@raywire/core';
import { withoutTrailingReturn } from '../source/line-cutter.js';
import type { DecodedLines, LogDecoder } from '../source/log-source.js';
import { COMMON_END, COMMON_START, EventCollector, JSON_SEPARATOR } from './event-collector.js';

/** What comes before and after the text of a common event. */
const SSE_START = new RegExp(`data: ${COMMON_START.source}`);
const SSE_END = `${COMMON_END}\n\n`;
const FIELD = /^(data|event|id|retry)(?::|$)|^:/;

/**
 * Decodes the agent's HTTP stream. `text/event-stream` is parsed by the standard, except that a line with no known
 * field is text, as old agents send it; of any other type each line is text unless it starts with `data: `.
 */
export class SseDecoder implements LogDecoder {
  readonly #standard: boolean;
  readonly #maxFrameBytes: number;
  readonly #events: EventCollector;
  readonly #text: TextDecoder;
  readonly #start = new RegExp(SSE_START, 'y');
  #pending = '';
  #data: string | undefined;

  constructor(options: { contentType: string | undefined; additions: boolean; maxFrameBytes: number }) {
    this.#standard = /^text\/event-stream\b/i.test(options.contentType ?? '');
    this.#maxFrameBytes = options.maxFrameBytes;
    this.#events = new EventCollector({ additions: options.additions, countsMessages: false });
    // The standard has one byte order mark dropped at the very start; a log keeps its own.
    this.#text = new TextDecoder('utf-8', { ignoreBOM: !this.#standard });
  }

  decode(frames: readonly LogFrame[]): DecodedLines {
    for (const frame of frames) {
      this.#push(typeof frame === 'string' ? frame : this.#text.decode(frame, { stream: true }));
    }
    if (this.#pending.length + (this.#data?.length ?? 0) > this.#maxFrameBytes) {
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

  #push(chunk: string): void {
    // A huge line grows as a rope: nothing is scanned twice.
    const isMiddle = !chunk.includes('\n') && !chunk.includes('\r');
    if (isMiddle && this.#pending !== '' && !this.#pending.endsWith('\r')) {
      this.#pending += chunk;
      return;
    }
    let text = this.#pending === '' ? chunk : this.#pending + chunk;
    if (this.#standard && text.includes('\r')) {
      // A `\r` at the very end may be half of a `\r\n`.
      const held = text.endsWith('\r') ? '\r' : '';
      text = text.slice(0, text.length - held.length).replace(/\r\n?/g, '\n') + held;
    }
    let start = 0;
    // Once a chunk: where it does not work, trying again after each event would cost the whole chunk each time.
    let isTried = !this.#standard;
    for (;;) {
      if (!isTried && this.#data === undefined) {
        isTried = true;
        start = this.#takeCommonEvents(text, start);
      }
      const end = text.indexOf('\n', start);
      if (end < 0) break;
      this.#line(text.slice(start, end));
      start = end + 1;
    }
    this.#pending = start === 0 ? text : text.slice(start);
  }

  /**
   * Takes all of a text that is one common event after the other. What stands between their texts is replaced so that
   * one `JSON.parse` gives all of them; the texts are strings of their own: a caller who keeps one does not keep the
   * whole chunk.
   */
  #takeCommonEvents(text: string, from: number): number {
    if (this.#events.end !== undefined) return from;
    this.#start.lastIndex = from;
    const opening = this.#start.exec(text)?.[0];
    // Searched forwards first: a search from the end is slow in a text that has none, such as a gateway's batch.
    if (opening === undefined || text.indexOf(SSE_END, from + opening.length) < 0) return from;
    const end = text.lastIndexOf(SSE_END);
    const run = text.slice(from + opening.length, end);
    const between = SSE_END + opening;
    const joined = run.replaceAll(between, JSON_SEPARATOR);
    const count = 1 + (run.length - joined.length) / (between.length - JSON_SEPARATOR.length);
    return this.#events.addTexts(joined, count) ? end + SSE_END.length : from;
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
