import { NotFoundError } from '@raywire/core';
import type { Job, LogSourceRequest } from '@raywire/ray';
import { jobStateOf } from '@raywire/ray/internal';
import { delay } from '../delay.js';
import type { FoundLog } from './log-file.js';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1_000;

/**
 * Where the driver of a job writes. A job that has no driver yet is waited for; one that ended without ever having
 * one (its runtime environment failed) has no log.
 *
 * @throws {NotFoundError} for an unknown job, and for one that was not submitted (`ray.init`)
 */
export async function findDriverLog(request: LogSourceRequest): Promise<FoundLog> {
  const { api, jobId, signal } = request;
  for (let waitMs = FIRST_WAIT_MS, told = ''; ; waitMs = Math.min(waitMs * 1.5, LONGEST_WAIT_MS)) {
    const { data: job } = await api.request<Job>({ path: `api/jobs/${encodeURIComponent(jobId)}`, signal });
    const id = submissionIdOf(job, jobId);
    const state = jobStateOf(job);
    if (job.driver_node_id) {
      const filename = `job-driver-${id}.log`;
      const agentAddress = job.driver_agent_http_address ?? undefined;
      return {
        file: { nodeId: job.driver_node_id, filename, agentAddress, start: 0, end: undefined },
        state,
      };
    }
    if (state.terminal || !request.follow) return { file: undefined, state };
    if (told !== state.status) request.emit({ type: 'waiting', jobStatus: state.status });
    told = state.status;
    await delay(waitMs, signal);
  }
}

/** @throws {NotFoundError} when the job was not submitted, so that nobody keeps its driver's output */
export function submissionIdOf(job: Job, jobId: string): string {
  if (job.type !== 'DRIVER' && job.submission_id) return job.submission_id;
  throw new NotFoundError({
    code: 'NO_DRIVER_LOG',
    message: `The job ${JSON.stringify(jobId)} was started with ray.init, not submitted: its driver's output went to whoever started it. Its workers' output is in tailWorkerLogs, tailTaskLogs and tailActorLogs.`,
  });
}
