import type { CallOptions, JobStatus } from '@raywire/core';
import type { NodeState } from '../resources/node.js';
import type { ServeApplicationStatus } from '../resources/serve-application.js';
import type { TaskState } from '../resources/task.js';

/** Which part of a list is wanted. */
export interface PageQuery {
  /** At most this many rows, 1 to 10_000. Default: all that the server has. */
  limit?: number | undefined;
  /** The `next` of an earlier `Listing` of the same list: the rows after its last one. */
  cursor?: string | undefined;
}

/** Which jobs are wanted. All filters must hold. */
export interface JobQuery extends PageQuery {
  /** One status, or any of several. */
  status?: JobStatus | readonly JobStatus[] | undefined;
  /** Part of the entrypoint. Case-sensitive. */
  entrypoint?: string | undefined;
  /** Entries of its metadata, such as `{ team: 'vision' }`; `true` stands for any value. */
  metadata?: Readonly<Record<string, string | true>> | undefined;
}

/** Which nodes are wanted. All filters must hold. */
export interface NodeQuery extends PageQuery {
  /** One state, or any of several. */
  state?: NodeState | readonly NodeState[] | undefined;
  /** Part of its name. Case-sensitive. */
  nodeName?: string | undefined;
}

/** Which tasks are wanted. All filters must hold. */
export interface TaskQuery extends PageQuery {
  /** One state, or any of several. */
  state?: TaskState | readonly TaskState[] | undefined;
  /** Part of its name. Case-sensitive. */
  name?: string | undefined;
  /** The `job_id` of one job, or of any of several. */
  jobId?: string | readonly string[] | undefined;
}

/** Which Serve applications are wanted. All filters must hold. */
export interface ServeApplicationQuery extends PageQuery {
  /** One status, or any of several. */
  status?: ServeApplicationStatus | readonly ServeApplicationStatus[] | undefined;
  /** Part of its name. Case-sensitive. */
  name?: string | undefined;
}

/** Options of `listJobs`. */
export interface ListJobsOptions extends CallOptions, JobQuery {}

/** Options of `listNodes`. */
export interface ListNodesOptions extends CallOptions, NodeQuery {}

/** Options of `listTasks`. */
export interface ListTasksOptions extends CallOptions, TaskQuery {}

/** Options of `listServeApplications`. */
export interface ListServeApplicationsOptions extends CallOptions, ServeApplicationQuery {}
