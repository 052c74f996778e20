/** A task, with the server's own field names; unknown fields are passed through. */
export interface Task {
  task_id: string;
  name?: string;
  /** For example `RUNNING`, `FINISHED`, `FAILED`, `PENDING_ARGS_AVAIL`. */
  state?: string;
  job_id?: string | null;
  node_id?: string | null;
  [field: string]: unknown;
}
