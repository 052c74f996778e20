import type { JobStatus } from './job.js';

/** The end of a log: the job is terminal, and not a byte will be added. */
export interface JobLogEnd {
  status: JobStatus;
  /** `null` where nobody knows it; the negative signal number where a signal ended the job. */
  exitCode: number | null;
  /** The final size of the log in bytes. */
  size: number;
}

/** An append-only log, opened for one job and read by offset. The gateway opens one per job for all readers. */
export interface JobLog {
  /** How many bytes can be read now. It never shrinks. */
  readonly size: number;
  /** The first byte that is still there, perhaps in the middle of a line. It never shrinks. Default 0. */
  readonly start?: number;
  /**
   * For a log that is fetched from elsewhere: resolves when `size` has come to the present end, or when that is known
   * to be far (the job has not started). Rejects when it cannot be read to there. Absent where `size` is the present end
   * from the start.
   */
  readonly ready?: Promise<void>;
  /** Set once, when the job has ended and `size` is final. */
  readonly end: JobLogEnd | undefined;
  /** How long the gateway keeps the log open after its last reader has left. Milliseconds, default 0. */
  readonly lingerMs?: number;
  /**
   * Between 1 and `maxBytes` bytes from `position`; none when `position` is at `size`.
   * @throws {StreamGapError} when `position` is before what is still there
   * @throws {ClientError} when no more can be had, ever; those who `watch` are called then too
   */
  read(position: number, maxBytes: number): Promise<Uint8Array>;
  /**
   * Whether a new reader can share this log: false once it has failed, and when the job's ID belongs to another job
   * by now. The gateway then opens the log again for new readers, and the old ones keep this one. Default: true.
   * @throws {NotFoundError} when the job no longer exists
   */
  isCurrent?(): Promise<boolean>;
  /** Calls `listener` soon after `size` or `end` has changed; the returned function ends that. */
  watch(listener: () => void): () => void;
  /** Frees what it holds. Calling it twice is fine. */
  close(): Promise<void>;
}
