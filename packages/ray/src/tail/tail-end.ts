/** How a tail ended. It is said of the tail, not of the job: a job that failed has a tail that is `complete`. */
export interface TailEnd {
  /**
   * `complete`: the job has ended and every line was delivered. `caughtUp`: the present end, with `follow: false`.
   * `aborted`: by the caller. `failed`: the tail could not go on. `lost`: the job has ended and its log can no
   * longer be reached.
   */
  reason: 'complete' | 'caughtUp' | 'aborted' | 'failed' | 'lost';
  /** What the loop threw, where it threw. */
  error?: unknown;
  /** The job's last known status; `null` where it was never learnt. */
  jobStatus: string | null;
  /** The job's exit code, as far as the server knows it. */
  exitCode: number | null;
  /** Lines that this tail handed out. */
  lines: number;
  /** UTF-8 bytes of these lines, without newlines. */
  bytes: number;
  /** Connections after the first. */
  reconnects: number;
  /** The name of the transport that was used last; `null` when none connected. */
  transport: string | null;
}
