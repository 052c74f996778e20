import type { JobLog } from './job-log.js';

/** Ray's job states. The last three are terminal. */
export type JobStatus = 'PENDING' | 'RUNNING' | 'STOPPED' | 'SUCCEEDED' | 'FAILED';

/** What `POST jobs/` asks for, in Ray's own field names. The gateway has checked the shapes already. */
export interface JobSubmission {
  /** A shell command. */
  entrypoint: string;
  submission_id?: string;
  runtime_env?: Record<string, unknown>;
  metadata?: Record<string, string>;
  entrypoint_num_cpus?: number;
  entrypoint_num_gpus?: number;
  /** In bytes. */
  entrypoint_memory?: number;
  entrypoint_resources?: Record<string, number>;
}

/** A job in Ray's own field names; times are milliseconds since 1970. */
export interface JobDetails {
  /** Always filled: the submission ID where Ray has no job ID yet. */
  job_id: string;
  submission_id: string | null;
  type: 'SUBMISSION' | 'DRIVER';
  status: JobStatus;
  entrypoint: string;
  message: string | null;
  error_type: string | null;
  start_time: number | null;
  end_time: number | null;
  metadata: Record<string, string>;
  runtime_env: Record<string, unknown>;
  driver_exit_code: number | null;
  [field: string]: unknown;
}

/** A row of the cluster's state: one field is its ID, the others pass through as the driver knows them. */
export type StateRow = object;

/** Rows, and how many there are in all where that is more: a list that was cut short. */
export type StateRows = Iterable<StateRow> & { readonly total?: number };

/** What can be seen of the machines behind a driver. */
export interface ClusterState {
  /** Rows with `node_id`, `state` and `alive`. */
  nodes(): Promise<StateRows>;
  /** Rows with `task_id`, `name`, `state` and `job_id`. */
  tasks(filter?: { taskId?: string }): Promise<StateRows>;
  /** What `gpu_status/` answers, in the driver's own form. */
  gpuStatus(): Promise<StateRow>;
  /** Rows with `name` and `status`. */
  serveApplications(): Promise<StateRow[]>;
  /** @throws {NotFoundError} when no application has that name */
  deleteServeApplication(name: string): Promise<void>;
}

/** What the gateway tells its driver once, before the first call. */
export interface JobDriverContext {
  /** Values that no job may get to see: the gateway's token. */
  secrets: readonly string[];
  /** To be called with what went wrong where no caller hears of it; the owner of the gateway does. */
  onError?: (error: unknown) => void;
}

/**
 * Runs jobs for a gateway. IDs that reach it fit the ID rules of the agent protocol.
 *
 * It throws the errors of `@raywire/core`; the gateway answers with their `statusCode` (401, 403 and anything from
 * 500 of a cluster behind the driver become 502, since they are not the caller's fault).
 */
export interface JobDriver {
  readonly contractVersion: 1;
  /** What `health/` shows. */
  readonly name: string;
  /** Nodes, tasks, GPUs and Serve applications. */
  readonly cluster: ClusterState;

  /** Called once, before any other method; what it throws, `listen` of the gateway throws. */
  start?(context: JobDriverContext): Promise<void>;
  /**
   * @throws {ConflictError} when the submission ID is taken
   * @throws {InvalidArgumentError} when the driver cannot do what is asked
   */
  submit(submission: JobSubmission): Promise<{ job_id: string; submission_id: string }>;
  /** All jobs that it knows, ended ones too. */
  list(): Promise<JobDetails[]>;
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
