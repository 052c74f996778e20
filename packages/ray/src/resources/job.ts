/** A job, with the server's own field names; unknown fields are passed through. */
export interface Job {
  /** Always filled, and good for every method of either client. */
  id: string;
  /** On the agent protocol always filled; Ray itself leaves it `null` until the driver connects. */
  job_id: string | null;
  /** What `submitJob` gave; `null` for a job that was started with `ray.init`. */
  submission_id?: string | null;
  /** `SUBMISSION`, or `DRIVER` for a job that was started with `ray.init`. */
  type?: string;
  /** `PENDING`, `RUNNING`, `SUCCEEDED`, `FAILED` or `STOPPED`. */
  status: string;
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
  runtime_env?: Record<string, unknown> | null;
  /** `null` while it runs, and where it is lost; negative for a signal. */
  driver_exit_code?: number | null;
  driver_node_id?: string | null;
  driver_agent_http_address?: string | null;
  [field: string]: unknown;
}

/** A job as the server sent it, with its `id`. Ray knows a submitted job by its submission ID, any other by its job ID. */
export function withJobId<T extends { job_id: string | null; submission_id?: string | null }>(
  job: T,
): T & { id: string } {
  return { ...job, id: job.submission_id ?? job.job_id ?? '' };
}
