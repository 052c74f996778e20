import type { PackedFrames } from '@raywire/core';
import type { ByteJoiner } from '../source/byte-joiner.js';
import type { EventCollector } from './event-collector.js';
import { EventRun } from './event-run.node.js';
import type { EventRuns, MakeEventRuns } from './event-runs.js';

const NEWLINE = 0x0a;

/** Node's sockets hand out bytes: most events are read from them at once. */
export const eventRuns: MakeEventRuns = (events, joiner, additions) =>
  new BytesReader(events, joiner, additions);

class BytesReader implements EventRuns {
  readonly #events: EventCollector;
  readonly #joiner: ByteJoiner;
  readonly #run: EventRun;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(events: EventCollector, joiner: ByteJoiner, additions: boolean) {
    this.#events = events;
    this.#joiner = joiner;
    this.#run = new EventRun(additions);
  }

  join(parts: readonly Uint8Array[]): Uint8Array {
    this.#bytes = this.#joiner.join(parts);
    this.#run.begin(this.#bytes);
    return this.#bytes;
  }

  readMessages(messages: readonly Uint8Array[], add: (message: Uint8Array) => void): void {
    let end = 0;
    const ends = messages.map(({ length }) => {
      end += length;
      return end;
    });
    this.#readMessages(messages, ends, add);
  }

  readPacked(
    { bytes, ends }: PackedFrames,
    first: Uint8Array | undefined,
    add: (message: Uint8Array) => void,
  ): void {
    if (first === undefined) this.#readMessages([bytes], ends, add);
    else this.#readMessages([first, bytes], shifted(ends, first.length), add);
  }

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

/** The ends with a message before them. */
function shifted(ends: Uint32Array, length: number): Uint32Array {
  const all = new Uint32Array(ends.length + 1);
  all[0] = length;
  for (let index = 0; index < ends.length; index++) all[index + 1] = (ends[index] as number) + length;
  return all;
}
