import type { JobStatus } from '@raywire/core';

/** Why a tail ended, and what its loop threw, where it threw. */
export type TailEnding =
  /**
   * `complete`: the job has ended and every line was delivered. `caughtUp`: the present end, with `follow: false`. The
   * loop ends quietly.
   */
  | { reason: 'complete' | 'caughtUp'; error?: undefined }
  /** By the caller: quietly after `break` and `close()`, without `error`; else `error` is the reason of its signal. */
  | { reason: 'aborted'; error?: unknown }
  /**
   * `failed`: the tail could not go on. `lost`: the job has ended and its log can no longer be reached. `error` is always
   * there.
   */
  | { reason: 'failed' | 'lost'; error: unknown };

/** How a tail ended. It is said of the tail, not of the job: a job that failed has a tail that is `complete`. */
export type TailEnd = TailEnding & {
  /** The job's status, requested at the end; `null` where the server does not say, or says what the lines refute. */
  jobStatus: JobStatus | null;
  /** The job's exit code, as far as the server knows it. */
  exitCode: number | null;
  /** How the job stands or has ended, in the server's words; `null` where it does not say. */
  message: string | null;
  /** Lines that this tail handed out. */
  lines: number;
  /** UTF-8 bytes of these lines, without newlines. */
  bytes: number;
  /** Connections after the first. */
  reconnects: number;
  /** The name of the transport that was used last; `null` when none connected. */
  transport: string | null;
};
