import { NotFoundError } from '@raywire/core';
import type { Job, LogSourceRequest } from '@raywire/ray';
import { jobStateOf } from '@raywire/ray/internal';
import { notSubmitted } from '../driver-job.js';
import { asksAndFree } from './asks-and-free.js';
import { type LogLocation, waitForLog } from './log-location.js';

/**
 * Where the driver of a job writes. A job that has no driver yet is waited for; one that ended without a driver (its
 * runtime environment failed) has no log.
 *
 * @throws {NotFoundError} for an unknown job, and for one that was not submitted (`ray.init`)
 */
export function findDriverLog(request: LogSourceRequest): Promise<LogLocation | undefined> {
  const { api, jobId, signal } = request;
  const look = async (): Promise<LogLocation | undefined> => {
    const { data: job } = await api.request<Job>({ path: `api/jobs/${encodeURIComponent(jobId)}`, signal });
    request.job.report(jobStateOf(job));
    return driverLogOf(job, jobId);
  };
  return waitForLog(request, look, () => asksAndFree(api, jobId, signal));
}

/**
 * Where the driver of a job writes; `undefined` while it has no driver.
 *
 * @throws {NotFoundError} when the job was not submitted, so that nobody keeps its driver's output
 */
export function driverLogOf(job: Job, jobId: string): LogLocation | undefined {
  if (job.type === 'DRIVER' || !job.submission_id) {
    throw new NotFoundError({
      code: 'NO_DRIVER_LOG',
      message: notSubmitted(jobId, 'keeps no output of its driver'),
    });
  }
  if (!job.driver_node_id) return undefined;
  return {
    nodeId: job.driver_node_id,
    filename: `job-driver-${job.submission_id}.log`,
    agentAddress: job.driver_agent_http_address ?? undefined,
    start: 0,
    end: undefined,
  };
}
