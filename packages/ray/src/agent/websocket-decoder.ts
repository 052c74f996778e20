import type { LogFrame, PackedFrames } from '@raywire/core';
import { ByteJoiner, canonicalBytes } from '../source/byte-joiner.js';
import { lineStarts } from '../source/line-starts.js';
import type { DecodedLines, LogDecoder } from '../source/log-source.js';
import { EventCollector } from './event-collector.js';
import { EventRun } from './event-run.js';

const NEWLINE = 0x0a;

/** Decodes the agent's WebSocket: each message is one event, or, where they were asked for, bytes of whole lines. */
export class WebSocketDecoder implements LogDecoder {
  readonly #events: EventCollector;
  readonly #run: EventRun;
  readonly #joiner = new ByteJoiner();
  readonly #text = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #sendsBytes: boolean;
  // Where in the log the next bytes stand.
  #offset: number | undefined;

  /**
   * @param additions whether the server is a Raywire gateway
   * @param bytes binary messages are bytes of the log (`?bytes=1`), not events. `from`: where in the log the first
   *   one stands; `undefined`: an event before it says so
   */
  constructor(additions: boolean, bytes?: { from: number | undefined }) {
    this.#events = new EventCollector({ additions, countsMessages: true });
    this.#run = new EventRun(additions);
    this.#sendsBytes = bytes !== undefined;
    this.#offset = bytes?.from;
  }

  decode(frames: readonly LogFrame[]): DecodedLines {
    if (this.#sendsBytes && frames.every(isBytes) && frames.slice(0, -1).every(endsLine))
      return this.#decodeBytes(frames);
    if (!this.#sendsBytes && frames.every(isBytes)) return this.#decodeEvents(frames, endsOf(frames));
    for (const frame of frames) this.#add(frame);
    return this.#events.take();
  }

  /** Events, of which those that are written alike are read together; never bytes of the log. */
  decodePacked({ bytes, ends }: PackedFrames, first?: Uint8Array): DecodedLines {
    if (first === undefined) return this.#decodeEvents([bytes], ends);
    const { length } = first;
    return this.#decodeEvents([first, bytes], shifted(ends, length));
  }

  /** A close without a `complete` event proves nothing, whatever its code. */
  finish(): DecodedLines {
    return { lines: [] };
  }

  #decodeEvents(parts: readonly Uint8Array[], ends: ArrayLike<number>): DecodedLines {
    const bytes = this.#run.begin(parts);
    let kept = 0;
    let start = 0;
    for (let index = 0; index < ends.length; index++) {
      const end = ends[index] as number;
      if (this.#run.read(start, end) === end) {
        this.#run.keep();
      } else {
        this.#addRun(bytes.subarray(0, start), ends, kept);
        this.#add(bytes.subarray(start, end));
        kept = index + 1;
      }
      start = end;
    }
    this.#addRun(bytes, ends, kept);
    return this.#events.take();
  }

  /** Adds the events up to the end of `bytes`, from the one with the index `first` on, which were read. */
  #addRun(bytes: Uint8Array, ends: ArrayLike<number>, first: number): void {
    let start = ends[first - 1] ?? 0;
    if (start === bytes.length || this.#events.end !== undefined) return;
    const read = this.#run.take();
    if (read !== undefined) {
      this.#events.addLines(read.lines, read.canonical);
      return;
    }
    for (let index = first; start < bytes.length; index++) {
      this.#add(bytes.subarray(start, ends[index]));
      start = ends[index] as number;
    }
  }

  #add(frame: LogFrame): void {
    const events = this.#events;
    if (events.end !== undefined) return;
    if (frame.length === 0) {
      events.end = { type: 'interrupted', message: 'the server sent an empty message' };
    } else if (typeof frame === 'string' || !this.#sendsBytes) {
      events.add(typeof frame === 'string' ? frame : this.#text.decode(frame));
      this.#offset = events.offset ?? this.#offset;
    } else {
      events.addMessage(this.#text.decode(frame).replaceAll('\r\n', '\n'));
      events.offset = this.#advance(frame.length);
    }
  }

  /** Whole lines: no character is cut by the end of a message. */
  #decodeBytes(frames: readonly Uint8Array[]): DecodedLines {
    const bytes = this.#joiner.join(frames);
    const decoded = this.#text.decode(bytes);
    const text = decoded.includes('\r\n') ? decoded.replaceAll('\r\n', '\n') : decoded;
    const whole = text.endsWith('\n') ? text : `${text}\n`;
    const offset = this.#advance(bytes.length);
    return {
      lines: whole.slice(0, -1).split('\n'),
      text: whole,
      // The last line of a log may have no newline.
      canonical: whole === text ? canonicalBytes(bytes, [decoded]) : undefined,
      messages: { count: frames.length, starts: () => lineStarts(frames) },
      ...(offset !== undefined && { offset }),
    };
  }

  #advance(bytes: number): number | undefined {
    if (this.#offset !== undefined) this.#offset += bytes;
    return this.#offset;
  }
}

/** The ends with an event before them. */
function shifted(ends: Uint32Array, length: number): Uint32Array {
  const all = new Uint32Array(ends.length + 1);
  all[0] = length;
  for (let index = 0; index < ends.length; index++) all[index + 1] = (ends[index] as number) + length;
  return all;
}

function endsOf(frames: readonly Uint8Array[]): number[] {
  let end = 0;
  return frames.map(({ length }) => {
    end += length;
    return end;
  });
}

function isBytes(frame: LogFrame): frame is Uint8Array {
  return typeof frame !== 'string' && frame.length > 0;
}

function endsLine(bytes: Uint8Array): boolean {
  return bytes.at(-1) === NEWLINE;
}
