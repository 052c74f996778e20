import type { EventFormat } from './encode-event.js';

/** Why the gateway ends a stream that is not complete. */
export type StreamEnd = 'complete' | 'gateway-closing' | 'stalled' | 'past-the-end' | 'failed';

/** The gateway's end of one reader's connection. */
export interface LogSink {
  readonly format: EventFormat;
  /** The connection is gone, whoever ended it. */
  readonly isGone: boolean;
  /** Called when the connection goes. There is one listener, the stream: thousands of `AbortSignal`s are not free. */
  onGone: (() => void) | undefined;
  /**
   * Writes encoded events. `undefined` when the system has taken them all at once; else it resolves when it has:
   * until then the reader is the one who is waited for. Resolves too when the connection is gone.
   *
   * @throws {ReaderStalledError} (by rejection) when not a byte was taken for the stall time-out
   */
  write(bytes: Buffer): Promise<void> | undefined;
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
