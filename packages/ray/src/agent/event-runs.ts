import type { PackedFrames } from '@raywire/core';
import type { ByteJoiner } from '../source/byte-joiner.js';
import type { EventCollector } from './event-collector.js';

/** Reads events that are written alike from their bytes, all at once, and adds them to a collector. */
export interface EventRuns {
  /** Reads messages of one event each. @param add takes one that is out of the ordinary */
  readMessages(messages: readonly Uint8Array[], add: (message: Uint8Array) => void): void;
  /** As `readMessages`. @param first a message before those that are packed */
  readPacked(packed: PackedFrames, first: Uint8Array | undefined, add: (message: Uint8Array) => void): void;
  /** The parts put together, for `readStream`. They stay until the next call. */
  join(parts: readonly Uint8Array[]): Uint8Array;
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
  ): void;
}

/** @returns `undefined` in a browser, whose WebSocket hands out strings */
export type MakeEventRuns = (
  events: EventCollector,
  joiner: ByteJoiner,
  additions: boolean,
) => EventRuns | undefined;
