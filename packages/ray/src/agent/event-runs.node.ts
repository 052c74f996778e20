import type { PackedFrames } from '@raywire/core';
import type { ByteJoiner } from '../source/byte-joiner.js';
import type { EventCollector } from './event-collector.js';
import { EventRun } from './event-run.node.js';

const NEWLINE = 0x0a;

/**
 * Reads events that are written alike from their bytes, all at once, into a collector. Those that are out of the ordinary
 * are left to its user.
 */
export class EventRuns {
  readonly #events: EventCollector;
  readonly #joiner: ByteJoiner;
  readonly #run: EventRun;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(events: EventCollector, joiner: ByteJoiner, additions: boolean) {
    this.#events = events;
    this.#joiner = joiner;
    this.#run = new EventRun(additions);
  }

  /** Reads messages of one event each. @param add takes one that is out of the ordinary */
  readMessages(messages: readonly Uint8Array[], add: (message: Uint8Array) => void): void {
    let end = 0;
    const ends = messages.map(({ length }) => {
      end += length;
      return end;
    });
    this.#readMessages(messages, ends, add);
  }

  /** As `readMessages`. @param first a message before those that are packed */
  readPacked(
    { bytes, ends }: PackedFrames,
    first: Uint8Array | undefined,
    add: (message: Uint8Array) => void,
  ): void {
    if (first === undefined) {
      this.#readMessages([bytes], ends, add);
      return;
    }
    const shifted = [first.length];
    for (const end of ends) shifted.push(end + first.length);
    this.#readMessages([first, bytes], shifted, add);
  }

  /** The parts put together, for `readStream`. They stay until the next call. */
  join(parts: readonly Uint8Array[]): Uint8Array {
    this.#bytes = this.#joiner.join(parts);
    this.#run.begin(this.#bytes);
    return this.#bytes;
  }

  /**
   * Reads whole lines of what `join` has put together.
   *
   * @param addLines takes lines that are out of the ordinary, and tells whether an event goes on behind them
   */
  readStream(
    start: number,
    end: number,
    isWithinEvent: boolean,
    addLines: (start: number, end: number) => boolean,
  ): void {
    let from = start;
    let isWithin = isWithinEvent;
    while (from < end) {
      if (!isWithin) from = this.#addEvents(from, end, addLines);
      const blank = this.#afterBlankLine(from, end);
      isWithin = addLines(from, blank);
      from = blank;
    }
  }

  #readMessages(
    parts: readonly Uint8Array[],
    ends: ArrayLike<number>,
    add: (message: Uint8Array) => void,
  ): void {
    const bytes = this.join(parts);
    let kept = 0;
    let start = 0;
    for (let index = 0; index < ends.length; index++) {
      const end = ends[index] as number;
      if (this.#run.read(start, end) === end) {
        this.#run.keep();
      } else {
        this.#addRun(bytes.subarray(0, start), ends, kept, add);
        add(bytes.subarray(start, end));
        kept = index + 1;
      }
      start = end;
    }
    this.#addRun(bytes, ends, kept, add);
  }

  /** Adds the messages up to the end of `bytes`, from the one with the index `first` on, which were read. */
  #addRun(
    bytes: Uint8Array,
    ends: ArrayLike<number>,
    first: number,
    add: (message: Uint8Array) => void,
  ): void {
    let start = ends[first - 1] ?? 0;
    if (start === bytes.length || this.#events.end !== undefined) return;
    const read = this.#run.take();
    if (read !== undefined) {
      this.#events.addLines(read.lines, read.canonical);
      return;
    }
    for (let index = first; start < bytes.length; index++) {
      add(bytes.subarray(start, ends[index]));
      start = ends[index] as number;
    }
  }

  /** Adds the events that are written alike, each with its blank line, and gives where they end. */
  #addEvents(from: number, to: number, addLines: (start: number, end: number) => boolean): number {
    const bytes = this.#bytes;
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
    if (read === undefined) addLines(from, start);
    else this.#events.addLines(read.lines, read.canonical);
    return start;
  }

  /** Where the next blank line ends, or else `to`. */
  #afterBlankLine(start: number, to: number): number {
    const bytes = this.#bytes;
    let end = bytes.indexOf(NEWLINE, start);
    while (end >= 0 && end < to && bytes[end + 1] !== NEWLINE) end = bytes.indexOf(NEWLINE, end + 1);
    return end >= 0 && end + 1 < to ? end + 2 : to;
  }
}

/** How a decoder is given its `EventRuns`; there are none in browsers. */
export type MakeEventRuns = (...parts: ConstructorParameters<typeof EventRuns>) => EventRuns | undefined;

/** Node's sockets hand out bytes. */
export const eventRuns: MakeEventRuns = (...parts) => new EventRuns(...parts);
