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
  entrypoint_label_selector?: Record<string, string>;
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
