import type { JobStatus, TailCursor } from '@raywire/core';

/** What `onEvent` is told, in the order in which it happens. */
export type TailEvent =
  /**
   * The log cannot be read yet: the job has not started; again when more is known. `message` is why, in the server's words. A dashboard also has what
   * the job asks for and what the cluster has free, as far as Ray says it: `CPU`, `GPU`, `memory` in bytes.
   */
  | {
      type: 'waiting';
      jobStatus: JobStatus;
      message?: string | undefined;
      asks?: Record<string, number> | undefined;
      free?: Record<string, number> | undefined;
    }
  /** A connection stands. `cursor` is where it goes on, `undefined` at the very beginning. */
  | { type: 'connect'; transport: string; source: string; cursor: TailCursor | undefined }
  /**
   * A connection failed or broke; the next attempt comes after `delayMs`. Unless one succeeds, the tail ends in
   * `giveUpInMs`, and at first contact after its third attempt at the latest.
   */
  | {
      type: 'reconnect';
      transport: string;
      source: string;
      attempt: number;
      delayMs: number;
      giveUpInMs: number;
      error: Error;
    }
  /** The next source is taken at once, at the same cursor. `from` and `to` are names of transports. */
  | { type: 'fallback'; from: string; to: string; source: string; error: Error }
  /** With `onGap: 'continue'`: the log no longer holds what was delivered, and is read from its new beginning. */
  | { type: 'gap'; cursor: TailCursor | undefined; error: Error };
