import type { JobQuery } from '@raywire/ray';
import type { ClusterState, Rows } from './cluster-state.js';
import type { JobDetails, JobSubmission } from './job.js';
import type { JobLog } from './job-log.js';
import type { PackageStore } from './package-store.js';

/** What the gateway tells its driver once, before the first call. */
export interface JobDriverContext {
  /** Values that no job may get to see: the gateway's token. */
  secrets: readonly string[];
  /** To be called with what went wrong where no caller hears of it; the owner of the gateway does. */
  onError?: (error: unknown, about?: { jobId: string }) => void;
}

/**
 * Runs jobs for a gateway. IDs that reach it fit the ID rules of the agent protocol.
 *
 * It throws the errors of `@raywire/core`; the gateway answers with their `statusCode` (401, 403 and anything from
 * 500 of a cluster behind the driver become 502, since they are not the caller's fault; 501, 503 and 507 stay).
 */
export interface JobDriver {
  readonly contractVersion: 1;
  /** What `health/` shows. */
  readonly name: string;
  /** Nodes, tasks, GPUs and Serve applications. */
  readonly cluster: ClusterState;

  /** Where archives go that jobs run in; without it the gateway takes none, and has no capability `upload`. */
  readonly packages?: PackageStore;

  /** Called once, before any other method; what it throws, `listen` of the gateway throws. */
  start?(context: JobDriverContext): Promise<void>;
  /**
   * @throws {ConflictError} when the submission ID is taken
   * @throws {InvalidArgumentError} when the driver cannot do what is asked
   */
  submit(submission: JobSubmission): Promise<{ job_id: string; submission_id: string }>;
  /**
   * The jobs that it knows, ended ones too. A query that is given holds: `pageRows` does it for an array.
   * @throws {InvalidArgumentError} when the cursor is not one of its own
   */
  list(query?: JobQuery): Promise<Rows<JobDetails>>;
  /** @throws {NotFoundError} when there is no such job */
  get(jobId: string): Promise<JobDetails>;
  /**
   * Begins to stop a job; false when it had ended before.
   * @throws {NotFoundError} when there is no such job
   */
  stop(jobId: string): Promise<boolean>;
  /**
   * @throws {NotFoundError} when there is no such job
   * @throws {ConflictError} when it has not ended
   */
  delete(jobId: string): Promise<void>;
  /**
   * Opens the log of a job, whatever its state. `fromByte` is a hint, for drivers that fetch the log from
   * elsewhere: the first byte that will be asked for.
   * @throws {NotFoundError} when there is no such job
   */
  openLog(jobId: string, fromByte: number): Promise<JobLog>;
  /** Ends what the driver runs or keeps. Logs that are open stay readable, and their `end` is set if the job ended. */
  close?(): Promise<void>;
}
