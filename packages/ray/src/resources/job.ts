import type { JobStatus } from '@raywire/core';
import type { RuntimeEnv } from './runtime-env.js';

/** A job, with the server's own field names; `fieldOf` reads the fields that are not here. */
export interface Job {
  /** Always filled, and good for every method of either client. */
  id: string;
  /** On the agent protocol always filled; Ray itself leaves it `null` until the driver connects. */
  job_id: string | null;
  /** What `submitJob` gave; `null` for a job that was started with `ray.init`. */
  submission_id?: string | null;
  /** `DRIVER`: a job that was started with `ray.init`. */
  type?: 'SUBMISSION' | 'DRIVER' | (string & {});
  status: JobStatus;
  /** The shell command. */
  entrypoint?: string;
  /** How the job stands, in the server's words. */
  message?: string | null;
  /** Ray's name of the failure, for example `JOB_ENTRYPOINT_COMMAND_ERROR`. */
  error_type?: string | null;
  /** Milliseconds since 1970. */
  start_time?: number | null;
  /** Milliseconds since 1970; `null` while it runs. */
  end_time?: number | null;
  metadata?: Record<string, string> | null;
  runtime_env?: RuntimeEnv | null;
  /** The last driver of the job; `null` while there is none. */
  driver_info?: JobDriverInfo | null;
  /** `null` while it runs, and where it is lost; negative for a signal. */
  driver_exit_code?: number | null;
  /** The node that runs the entrypoint. */
  driver_node_id?: string | null;
  /** The agent of that node: `http://10.0.0.7:52365`. */
  driver_agent_http_address?: string | null;
}

/** The driver of a job: the process that called `ray.init`. */
export interface JobDriverInfo {
  /** Ray's job ID. */
  id: string;
  node_ip_address: string;
  pid: string;
}

/** A job as the server sent it, with its `id`. Ray knows a submitted job by its submission ID, any other by its job ID. */
export function withJobId<T extends { job_id: string | null; submission_id?: string | null }>(
  job: T,
): T & { id: string } {
  return { ...job, id: job.submission_id ?? job.job_id ?? '' };
}
