import type { CallOptions } from '@raywire/core';
import type { StreamLimits, StreamLimitsInit } from '@raywire/network';
import type { JobRun } from './job-run.js';
import type {
  ListJobsOptions,
  ListNodesOptions,
  ListServeApplicationsOptions,
  ListTasksOptions,
} from './lists/list-queries.js';
import type { Listing } from './lists/listing.js';
import type { Job } from './resources/job.js';
import type { SubmitJobOptions, SubmittedJob } from './resources/job-submission.js';
import type { Node } from './resources/node.js';
import type { ServeApplication } from './resources/serve-application.js';
import type { StoppedJob } from './resources/stopped-job.js';
import type { Task } from './resources/task.js';
import type { JobState } from './source/job-state.js';
import type { LogSource } from './source/log-source.js';
import type { StopJobOptions } from './stop-job.js';
import type { LogTail } from './tail/log-tail.js';
import type { TailOptions } from './tail/tail-options.js';
import type { WaitForJobOptions } from './wait-for-job.js';

/** Options of a tail whose protocol is in the method's name. */
export type FixedTailOptions = Omit<TailOptions, 'protocol'>;

/** Options of `getJobLogs`. */
export interface JobLogsOptions extends CallOptions {
  /** `maxBytes` governs. Default: the client's. */
  streamLimits?: StreamLimits | StreamLimitsInit | undefined;
}

/** A log that is not a job's own, for example that of a task. */
export interface TailedLog {
  /** Names the log in cursors and messages. */
  id: string;
  /** The ways to it, best first. */
  sources: readonly LogSource[];
  /** Requests the state of what writes the log. */
  state(call: CallOptions): Promise<JobState>;
  /** The caller's name for it, for messages. Default `tailLog`. */
  method?: string | undefined;
}

/** Options of `runJob`. */
export interface RunJobOptions extends SubmitJobOptions {
  /** Options of the tail of its log. */
  tail?: TailOptions | undefined;
  /** The loop and `result` fail with a `JobFailedError` when the job ends as FAILED or STOPPED. Default false. */
  throwOnFailure?: boolean | undefined;
  /**
   * An aborted `signal` also stops the job: the loop and `result` then throw its reason once the server has answered,
   * and `stopped` has the answer. Default false: the job goes on.
   */
  stopOnAbort?: boolean | undefined;
}

/**
 * The methods of every Raywire client, whichever protocol it speaks. All of them throw `InvalidArgumentError` (400)
 * for bad input before anything is sent, and the errors of core's table for what the server or the network does.
 */
export interface RayClient {
  /** The limits of every tail and of `getJobLogs`, unless a call brings its own. */
  streamLimits: StreamLimits;

  /**
   * Tails a job's log in real time: by WebSocket, and by HTTP where that fails (`protocol: 'auto'`).
   *
   * The tail throws `StreamInterruptedError` (503) when the connection is lost for good, `StreamLimitExceededError`
   * (429) at a stream limit, and `StreamGapError` (503) when the log no longer holds what was delivered.
   *
   * @throws {InvalidArgumentError} at once, for a bad ID or option
   * @throws {TransportUnavailableError} at once, when the transport asked for is not registered
   */
  tailJobLogs(jobId: string, options?: TailOptions): LogTail;
  /** As `tailJobLogs`, over WebSocket only: the lowest latency. */
  websocketTailJobLogs(jobId: string, options?: FixedTailOptions): LogTail;
  /** As `tailJobLogs`, over HTTP only: passes every proxy. */
  streamTailJobLogs(jobId: string, options?: FixedTailOptions): LogTail;

  /** Tails any log of this server by the same engine, for clients that know more logs than those of jobs. */
  tailLog(log: TailedLog, options?: TailOptions): LogTail;

  /**
   * The jobs that the server knows: all of them, or with `limit` one page, whose `next` is the `cursor` of the page
   * after it. The other lists are paged alike. Pages hold each row once, also while rows are added.
   *
   * @throws {UnsupportedByServerError} for a `cursor`, when the server has none (an old agent)
   *
   * @example
   * ```ts
   * import { AgentClient } from '@raywire/agent';
   *
   * const client = new AgentClient({ baseURL: 'http://127.0.0.1:8899' });
   * let cursor: string | undefined;
   * do {
   *   const page = await client.listJobs({ status: 'FAILED', metadata: { team: 'vision' }, limit: 100, cursor });
   *   for (const job of page) console.log(job.id, job.message);
   *   cursor = page.next;
   * } while (cursor !== undefined);
   * ```
   */
  listJobs(options?: ListJobsOptions): Promise<Listing<Job>>;
  /** One job. @throws {NotFoundError} */
  getJob(jobId: string, options?: CallOptions): Promise<Job>;
  /**
   * A job's whole log of now, as one string.
   *
   * @throws {StreamLimitExceededError} past `streamLimits.maxBytes`; use `tailJobLogs` for large logs
   */
  getJobLogs(jobId: string, options?: JobLogsOptions): Promise<string>;
  /**
   * Stops a job; never sent twice. `stopped` is false when the job had ended before, and with a `reason` when it cannot
   * be stopped yet: Ray stops a job that waits for its resources only once it has started.
   *
   * @param options.untilStopped resolve once the job has ended
   * @throws {ClientTimeoutError} after `giveUpAfterMs`
   */
  stopJob(jobId: string, options?: StopJobOptions): Promise<StoppedJob>;
  /**
   * Submits a job. Without a `submissionId` the client makes one, so that a retry can never run it twice.
   *
   * @throws {ConflictError} when the ID is taken
   * @throws {UnsupportedByServerError} when the server takes no jobs (an old agent)
   */
  submitJob(options: SubmitJobOptions): Promise<SubmittedJob>;
  /**
   * Forgets a job that has ended, with its log.
   *
   * @throws {ConflictError} while it runs
   * @throws {UnsupportedByServerError} when the server cannot (an old agent)
   */
  deleteJob(jobId: string, options?: CallOptions): Promise<void>;
  /**
   * Resolves to the job's details once it has ended, in whichever way.
   *
   * @throws {ClientTimeoutError} after `giveUpAfterMs`
   * @throws {JobFailedError} with `throwOnFailure`, when it did not succeed
   */
  waitForJob(jobId: string, options?: WaitForJobOptions): Promise<Job>;
  /** Submits a job and gives its log to iterate, and its `result`. */
  runJob(options: RunJobOptions): JobRun;

  /** The nodes of the cluster. */
  listNodes(options?: ListNodesOptions): Promise<Listing<Node>>;
  /** One row of `listNodes`. @throws {NotFoundError} */
  getNode(nodeId: string, options?: CallOptions): Promise<Node>;
  /** The tasks of the cluster. */
  listTasks(options?: ListTasksOptions): Promise<Listing<Task>>;
  /** One task. @throws {NotFoundError} */
  getTask(taskId: string, options?: CallOptions): Promise<Task>;

  /** All Ray Serve applications. */
  listServeApplications(options?: ListServeApplicationsOptions): Promise<Listing<ServeApplication>>;
  /** One Serve application. @throws {NotFoundError} */
  getServeApplication(name: string, options?: CallOptions): Promise<ServeApplication>;
  /** Deletes one Serve application, and no other. @throws {NotFoundError} */
  deleteServeApplication(name: string, options?: CallOptions): Promise<void>;

  /** Whether the server is there and well. */
  healthCheck(options?: CallOptions): Promise<Record<string, unknown>>;
  /** What the server says of its GPUs. */
  getGpuStatus(options?: CallOptions): Promise<Record<string, unknown>>;

  /** Ends every tail and call of this client, and frees its sockets. Calling it twice is fine. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
