import type { JobStatus } from '@raywire/core';
import type { Job } from '../resources/job.js';

/** What the tail engine needs to know of a job. */
export interface JobState {
  /** As the server says it, in upper case. */
  status: JobStatus;
  /** The job has ended, whichever way. */
  terminal: boolean;
  /** The driver's; `null` while it runs, and where the server does not say. */
  exitCode: number | null;
  /** Which run it is: changes when the same ID is submitted again. `null` where the server does not say. */
  identity: string | null;
  /** How the job stands, in the server's words. */
  message?: string | null;
}

const TERMINAL = new Set(['SUCCEEDED', 'FAILED', 'STOPPED']);

/** Reads the state out of a job's details. */
export function jobStateOf(job: Job): JobState {
  const status = String(job.status ?? 'UNKNOWN').toUpperCase();
  const exitCode = typeof job.driver_exit_code === 'number' ? job.driver_exit_code : null;
  const id = job.submission_id ?? job.job_id;
  const identity = id != null && job.start_time != null ? `${id}@${job.start_time}` : null;
  const message = typeof job.message === 'string' ? job.message : null;
  return { status, terminal: TERMINAL.has(status), exitCode, identity, message };
}
