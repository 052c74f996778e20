import type { LogFrame } from '@raywire/core';
import type { DecodedLines, LogDecoder } from '../source/log-source.js';
import { EventCollector } from './event-collector.js';

/** Decodes the agent's WebSocket: each message is one event, or, where they were asked for, bytes of whole lines. */
export class WebSocketDecoder implements LogDecoder {
  readonly countsMessages = true;
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
    this.#events = new EventCollector(additions);
    this.#sendsBytes = bytes !== undefined;
    this.#offset = bytes?.from;
  }

  decode(frames: readonly LogFrame[]): DecodedLines {
    const events = this.#events;
    for (const frame of frames) {
      if (events.end !== undefined) break;
      if (frame.length === 0) {
        events.end = { type: 'interrupted', message: 'the server sent an empty message' };
      } else if (typeof frame === 'string' || !this.#sendsBytes) {
        events.add(typeof frame === 'string' ? frame : this.#text.decode(frame));
        this.#offset = events.offset ?? this.#offset;
      } else {
        this.#addBytes(frame);
      }
    }
    return events.take();
  }

  /** A close without a `complete` event proves nothing, whatever its code. */
  finish(): DecodedLines {
    return { lines: [] };
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
