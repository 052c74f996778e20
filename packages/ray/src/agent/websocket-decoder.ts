import type { LogFrame } from '@raywire/core';
import type { DecodedLines, LogDecoder } from '../source/log-source.js';
import { COMMON_END, COMMON_START, EventCollector, JSON_SEPARATOR } from './event-collector.js';

const START = new RegExp(`^${COMMON_START.source}`);

/** Decodes the agent's WebSocket: each message is one event, or, where they were asked for, bytes of whole lines. */
export class WebSocketDecoder implements LogDecoder {
  readonly #events: EventCollector;
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
    this.#sendsBytes = bytes !== undefined;
    this.#offset = bytes?.from;
  }

  decode(frames: readonly LogFrame[]): DecodedLines {
    const events = this.#events;
    for (let index = 0; index < frames.length && events.end === undefined; ) {
      const frame = frames[index] as LogFrame;
      if (typeof frame === 'string' && frame !== '') {
        index = this.#addEvents(frames, index);
      } else {
        index++;
        if (frame.length === 0)
          events.end = { type: 'interrupted', message: 'the server sent an empty message' };
        else if (this.#sendsBytes) this.#addBytes(frame as Uint8Array);
        else events.add(this.#text.decode(frame as Uint8Array));
      }
    }
    return events.take();
  }

  /** A close without a `complete` event proves nothing, whatever its code. */
  finish(): DecodedLines {
    return { lines: [] };
  }

  /** Adds the frames that begin and end as the first one does, all of them at once; gives where they end. */
  #addEvents(frames: readonly LogFrame[], from: number): number {
    const opening = START.exec(frames[from] as string)?.[0];
    const texts: string[] = [];
    for (let index = from; opening !== undefined && index < frames.length; index++) {
      const frame = frames[index] as LogFrame;
      if (typeof frame !== 'string' || !frame.endsWith(COMMON_END) || !frame.startsWith(opening)) break;
      // The quote that begins the text is not the one that ends it.
      if (frame.length < opening.length + COMMON_END.length) break;
      texts.push(frame.slice(opening.length, -COMMON_END.length));
    }
    const end = from + Math.max(1, texts.length);
    if (texts.length > 1 && this.#events.addTexts(texts.join(JSON_SEPARATOR), texts.length)) return end;
    for (let index = from; index < end && this.#events.end === undefined; index++)
      this.#events.add(frames[index] as string);
    this.#offset = this.#events.offset ?? this.#offset;
    return end;
  }

  // Whole lines: no character is cut by the end of a message.
  #addBytes(bytes: Uint8Array): void {
    const text = this.#text.decode(bytes);
    this.#events.addMessage(text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text);
    if (this.#offset === undefined) return;
    this.#offset += bytes.length;
    this.#events.offset = this.#offset;
  }
}
