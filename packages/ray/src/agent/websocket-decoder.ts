import type { LogFrame } from '@raywire/core';
import { canonicalBytes } from '#canonical-bytes';
import { ByteJoiner } from '../source/byte-joiner.js';
import { linesThatMove } from '../source/cursor-moves.js';
import { lineStarts } from '../source/line-starts.js';
import type { DecodedLines, LogDecoder } from '../source/log-source.js';
import { EventCollector } from './event-collector.js';
import type { EventRuns, MakeEventRuns } from './event-runs.node.js';

const NEWLINE = 0x0a;

/** Decodes the agent's WebSocket: each message is one event, or, where they were asked for, bytes of whole lines. */
export class WebSocketDecoder implements LogDecoder {
  readonly #events: EventCollector;
  readonly #runs: EventRuns | undefined;
  readonly #joiner = new ByteJoiner();
  readonly #text = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #sendsBytes: boolean;
  // Where in the log the next bytes stand.
  #offset: number | undefined;

  /** Events, of which those that are written alike are read together; never bytes of the log. */
  readonly decodePacked?: NonNullable<LogDecoder['decodePacked']>;

  /**
   * @param additions whether the server is a Raywire gateway
   * @param bytes binary messages are bytes of the log (`?bytes=1`), not events. `from`: where in the log the first
   *   one stands; `undefined`: an event before it says so
   */
  constructor(additions: boolean, eventRuns: MakeEventRuns, bytes?: { from: number | undefined }) {
    this.#events = new EventCollector({ additions, countsMessages: true });
    const runs = bytes === undefined ? eventRuns(this.#events, this.#joiner, additions) : undefined;
    this.#runs = runs;
    this.#sendsBytes = bytes !== undefined;
    this.#offset = bytes?.from;
    if (runs !== undefined)
      this.decodePacked = (packed, first) => {
        runs.readPacked(packed, first, (message) => this.#add(message));
        return this.#events.take();
      };
  }

  decode(frames: readonly LogFrame[]): DecodedLines {
    if (this.#sendsBytes && frames.every(isBytes) && frames.slice(0, -1).every(endsLine))
      return this.#decodeBytes(frames);
    if (this.#runs !== undefined && frames.every(isBytes))
      this.#runs.readMessages(frames, (message) => this.#add(message));
    else for (const frame of frames) this.#add(frame);
    return this.#events.take();
  }

  /** A close without a `complete` event proves nothing, whatever its code. */
  finish(): DecodedLines {
    return { lines: [] };
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
    const lines = whole.slice(0, -1).split('\n');
    return {
      lines,
      text: whole,
      // The last line of a log may have no newline.
      canonical:
        whole === text
          ? canonicalBytes(bytes, ['', decoded], () => linesThatMove(lines, ['', decoded]))
          : undefined,
      messages: { count: frames.length, starts: () => lineStarts(frames) },
      ...(offset !== undefined && { offset }),
    };
  }

  #advance(bytes: number): number | undefined {
    if (this.#offset !== undefined) this.#offset += bytes;
    return this.#offset;
  }
}

function isBytes(frame: LogFrame): frame is Uint8Array {
  return typeof frame !== 'string' && frame.length > 0;
}

function endsLine(bytes: Uint8Array): boolean {
  return bytes.at(-1) === NEWLINE;
}
