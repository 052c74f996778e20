import { type ApiClient, type CallOptions, NotFoundError } from '@raywire/core';
import { delay } from '@raywire/core/internal';
import type { StreamLimits } from '@raywire/network';
import { type Job, Listing, type StoppedJob, type SubmittedJob } from '@raywire/ray';
import {
  collectLog,
  jobStateOf,
  logBodyText,
  type PreparedSubmission,
  sendSubmission,
  stoppedJob,
  withJobId,
} from '@raywire/ray/internal';
import { explainDriverJob } from './driver-job.js';
import { driverLogOf } from './logs/driver-log.js';
import { ReadFile } from './logs/read-file.js';
import { presentLog, RotatingReader } from './logs/rotating-reader.js';
import { WholeFiles } from './logs/whole-files.js';
import { throwRayError } from './ray-error.js';
import { explainMissingRoute } from './state/list-state.js';

const JOBS_API = "The API of Ray's jobs (api/jobs/)";
const JOBS_VERSION = '2.0';

/** Once a second Ray's job_manager.py looks after a job; if that is gone when it has ended, it is made anew, as FAILED. */
const MONITORED_MS = 4_000;

/** Silence in the middle of an answer after which its connection is dead. */
const STALLED_AFTER_MS = 45_000;

/** @throws {NotFoundError} */
export async function getJob(api: ApiClient, jobId: string, call: CallOptions): Promise<Job> {
  const { data } = await api.request<Job>({ path: jobPath(jobId), ...call });
  return withJobId(data);
}

/** All jobs, the submitted ones and the drivers. */
export async function listAllJobs(api: ApiClient, call: CallOptions): Promise<Listing<Job>> {
  // Without its last slash this route is 404.
  const { data } = await api
    .request<Job[]>({ path: 'api/jobs/', ...call })
    .catch((error: unknown) => explainMissingRoute(error, JOBS_API, JOBS_VERSION));
  return new Listing({ items: data.map(withJobId) });
}

/** Sends a submission that was checked. @throws {ConflictError} when the ID is taken */
export async function submitJob(api: ApiClient, submission: PreparedSubmission): Promise<SubmittedJob> {
  const { body, call, idempotent } = submission;
  const send = async (): Promise<SubmittedJob> => {
    const { data } = await api
      .request<SubmittedJob>({ method: 'POST', path: 'api/jobs/', json: body, idempotent, ...call })
      .catch((error: unknown) => throwRayError(error, /already exists/))
      .catch((error: unknown) => explainMissingRoute(error, JOBS_API, JOBS_VERSION));
    return data;
  };
  return sendSubmission(submission, send, () => getJob(api, body.submission_id, call));
}

/** Never sent twice. */
export async function stopJob(api: ApiClient, jobId: string, call: CallOptions): Promise<StoppedJob> {
  const { data } = await api
    .request({ method: 'POST', path: `${jobPath(jobId)}/stop`, ...call })
    .catch((error: unknown) => explainDriverJob(error, jobId, 'cannot stop it'));
  return stoppedJob(data);
}

/**
 * Deletes a job that has ended. One that has only just ended is left to Ray's monitor first, for a few seconds.
 *
 * @throws {ConflictError} while it runs
 */
export async function deleteJob(api: ApiClient, jobId: string, call: CallOptions): Promise<void> {
  const { data: job, headers } = await api.request<Job>({ path: jobPath(jobId), ...call });
  if (typeof job.end_time === 'number') {
    const now = Date.parse(headers.date ?? '') || Date.now();
    await delay(Math.min(Math.max(0, MONITORED_MS - (now - job.end_time)), MONITORED_MS), call.signal);
  }
  await api
    .request({ method: 'DELETE', path: jobPath(jobId), ...call })
    .catch((error: unknown) => explainDriverJob(error, jobId, 'cannot delete it'))
    .catch((error: unknown) => throwRayError(error, /non-terminal state/));
}

/**
 * The driver's log as it is in its file: never by `/api/jobs/{id}/logs`, which reads it into the head's memory.
 *
 * @throws {StreamLimitExceededError} past `limits.maxBytes`
 */
export async function getJobLogs(
  api: ApiClient,
  jobId: string,
  limits: StreamLimits,
  call: CallOptions,
): Promise<string> {
  const job = await getJob(api, jobId, call);
  const location = driverLogOf(job, jobId);
  if (location === undefined) return '';
  const signal = call.signal ?? new AbortController().signal;
  const files = new WholeFiles(location, api, { signal, stalledAfterMs: STALLED_AFTER_MS });
  const log = presentLog(new RotatingReader(files, new ReadFile(0), { signal }));
  try {
    return await collectLog(log, logBodyText('text/plain'), limits);
  } catch (error) {
    // A job that has only just started has no file yet.
    if (NotFoundError.isInstance(error) && !jobStateOf(job).terminal) return '';
    throw error;
  }
}

function jobPath(jobId: string): string {
  return `api/jobs/${encodeURIComponent(jobId)}`;
}
