import type { EventFormat } from './encode-event.js';

/** Why the gateway ends a stream that is not complete. */
export type StreamEnd = 'complete' | 'gateway-closing' | 'stalled' | 'past-the-end' | 'failed';

/** Who writes to a sink. Methods, not promises: thousands of readers are told something at every line. */
export interface SinkOwner {
  /** The system has taken all that `write` could not hand over at once, or the connection is gone. */
  flushed(): void;
  /** Not a byte of that was taken for the stall time-out. */
  stalled(error: ReaderStalledError): void;
  /** The connection is gone, whoever ended it. */
  gone(): void;
}

/** The gateway's end of one reader's connection. */
export interface LogSink {
  readonly format: EventFormat;
  owner: SinkOwner | undefined;
  /** Nothing that is written reaches the reader any more. */
  readonly isGone: boolean;
  /**
   * Writes encoded events. True when the system has taken them all at once, or the connection is gone; else the
   * reader is the one who is waited for, until the owner hears `flushed` or `stalled`.
   */
  write(bytes: Buffer): boolean;
  /** Writes an event that nobody waits for, unless bytes wait for the reader already: then it is left out. */
  hint(bytes: Buffer): void;
  /** A sign of life for a quiet job. */
  ping(): void;
  /** Ends the connection in the way of its wire, and frees it for sure some seconds later. */
  end(reason: StreamEnd): void;
}

/** A reader took nothing for the stall time-out, though there was something to take. */
export class ReaderStalledError extends Error {
  override readonly name = 'ReaderStalledError';
}
