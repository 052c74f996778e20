import type { JobStatus, TailCursor } from '@raywire/core';

/** What `onEvent` is told, in the order in which it happens. */
export type TailEvent =
  /**
   * The log cannot be read yet: the job has not started. `message` is why, in the server's words; on a dashboard, `asks`
   * is what the job requests and `free` what the cluster has left, by resource (`CPU`, `GPU`, `memory` in bytes). It
   * comes again when more is known.
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
  /**
   * The log was rotated before the tail began. It begins with the oldest of so many older files; what was in still older
   * ones is gone.
   */
  | { type: 'rotated'; olderFiles: number }
  /** The server had dropped so many bytes from the beginning of the log before the tail came to them. */
  | { type: 'dropped'; bytes: number }
  /** With `onGap: 'continue'`: the log no longer holds what was delivered, and is read from its new beginning. */
  | { type: 'gap'; cursor: TailCursor | undefined; error: Error };
