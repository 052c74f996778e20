import type { LogFrame } from '@raywire/core';
import type { DecodedLog, LogDecoder } from '../log-source.js';
import { EventCollector } from './event-collector.js';

/** Decodes the agent's WebSocket: one event a message, each of whole lines. */
export class WebSocketDecoder implements LogDecoder {
  readonly countsMessages = true;
  readonly #events: EventCollector;
  readonly #text = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(additions: boolean) {
    this.#events = new EventCollector(additions);
  }

  decode(frames: readonly LogFrame[]): DecodedLog {
    const events = this.#events;
    for (const frame of frames) {
      if (events.end !== undefined) break;
      const payload = typeof frame === 'string' ? frame : this.#text.decode(frame);
      if (payload === '') events.end = { type: 'interrupted', message: 'the server sent an empty message' };
      else events.add(payload);
    }
    return events.take();
  }

  /** A close without a `complete` event proves nothing, whatever its code. */
  finish(): DecodedLog {
    return { lines: [] };
  }
}
