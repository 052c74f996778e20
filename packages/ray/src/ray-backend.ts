import type { ApiClient, CallOptions } from '@raywire/core';
import type { StreamLimits } from '@raywire/network';
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
import type { LogSource } from './source/log-source.js';

/** Where a server is, and how a client shows who it is. */
export interface RayEndpoint {
  baseURL: string;
  /** Gives the credential headers of a request; with `refresh`, after a refusal, fresh ones. */
  authenticate?: (context: { refresh: boolean }) => Record<string, string> | Promise<Record<string, string>>;
  /** What is secret of the credentials and known already: no error shows it, not even before the first request. */
  secrets?: readonly string[];
  /** The statuses by which this server says that credentials are not good any more. Default `[401]`. */
  refreshOn?: readonly number[];
}

/** What kind of thing an ID names. */
export type ResourceKind = 'job' | 'node' | 'task' | 'serve application';

/**
 * The calls of one protocol: routes out, Ray's own field names back. IDs are checked before. Calls that a backend does
 * not have are left out; the client then throws `UnsupportedByServerError`. The filters, `limit` and `cursor` of a list
 * hold: `pageRows` does it for rows that are all there.
 */
export interface RayOperations {
  /** @throws {InvalidArgumentError} when this protocol has no such ID */
  validateId(kind: ResourceKind, id: unknown): asserts id is string;
  healthCheck(api: ApiClient, options: CallOptions): Promise<Record<string, unknown>>;
  getGpuStatus(api: ApiClient, options: CallOptions): Promise<Record<string, unknown>>;
  listJobs(api: ApiClient, options: ListJobsOptions): Promise<Listing<Job>>;
  getJob(api: ApiClient, jobId: string, options: CallOptions): Promise<Job>;
  /** @throws {StreamLimitExceededError} past `limits.maxBytes` */
  getJobLogs(api: ApiClient, jobId: string, limits: StreamLimits, options: CallOptions): Promise<string>;
  /**
   * Checks a submission and gives what sends it, so that a bad option is reported before anything is sent. Where the
   * caller chose no ID, the backend makes one, so that a retry never runs the job twice.
   *
   * @param method the caller's name for it, for messages: `submitJob` or `runJob`
   * @param besides further options of that method, which are checked elsewhere
   * @throws {InvalidArgumentError} naming the option and the remedy
   */
  prepareSubmission(
    options: SubmitJobOptions,
    method: string,
    besides?: readonly string[],
  ): (api: ApiClient) => Promise<SubmittedJob>;
  stopJob(api: ApiClient, jobId: string, options: CallOptions): Promise<StoppedJob>;
  deleteJob(api: ApiClient, jobId: string, options: CallOptions): Promise<void>;
  listNodes(api: ApiClient, options: ListNodesOptions): Promise<Listing<Node>>;
  getNode(api: ApiClient, nodeId: string, options: CallOptions): Promise<Node>;
  listTasks(api: ApiClient, options: ListTasksOptions): Promise<Listing<Task>>;
  getTask(api: ApiClient, taskId: string, options: CallOptions): Promise<Task>;
  listServeApplications(
    api: ApiClient,
    options: ListServeApplicationsOptions,
  ): Promise<Listing<ServeApplication>>;
  getServeApplication(api: ApiClient, name: string, options: CallOptions): Promise<ServeApplication>;
  deleteServeApplication(api: ApiClient, name: string, options: CallOptions): Promise<void>;
}

/** What a server offers: where it is, its calls, and the ways to read a log, best first. */
export interface RayBackend {
  readonly contractVersion: 1;
  /** For messages, for example `agent`. */
  readonly name: string;
  readonly endpoint: RayEndpoint;
  readonly operations: Pick<RayOperations, 'getJob'> & Partial<RayOperations>;
  readonly logSources: readonly LogSource[];
  /**
   * Why a server is not one that this backend is for, with the remedy; `undefined`: it is one, or does not say. Called
   * once a client, after a 404.
   */
  look?(api: ApiClient): Promise<string | undefined>;
}
