import type { JobSubmission } from '../contracts/job.js';
import type { JobRecord } from './job-store.js';

/** A job that is about to start. */
export function pendingJob(id: string, submission: JobSubmission): JobRecord {
  return {
    id,
    submission,
    status: 'PENDING',
    message: 'The job is about to start',
    exitCode: null,
    startTime: Date.now(),
    endTime: null,
    process: null,
    stopRequested: false,
  };
}
