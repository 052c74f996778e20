import { type CallOptions, ClientError, ConflictError, type JobStatus } from '@raywire/core';
import { CALL_OPTIONS, delay, duration, flag, type OptionTable, refuseOption } from '@raywire/core/internal';
import type { Job } from './resources/job.js';
import type { StoppedJob } from './resources/stopped-job.js';
import { jobStateOf } from './source/job-state.js';
import { waitForJob } from './wait-for-job.js';

/** How to stop a job. */
export interface StopJobOptions extends CallOptions {
  /** Resolve only once the job has ended, whichever way. Default false: once the server has taken the request. */
  untilStopped?: boolean | undefined;
  /** With `untilStopped`: give up waiting after this many milliseconds. Default: never. */
  giveUpAfterMs?: number | undefined;
}

/** The table of `StopJobOptions`. */
export const STOP_OPTIONS: OptionTable<StopJobOptions, 'untilStopped'> =
  /* @__PURE__ */ ((): typeof STOP_OPTIONS => ({
    ...CALL_OPTIONS,
    untilStopped: flag(false),
    giveUpAfterMs: duration(undefined, Number.POSITIVE_INFINITY),
  }))();

/** A job that is about to start is stopped a moment later: Ray takes seconds to start one. In milliseconds. */
const LOOKS_MS = [0, 100, 200, 400, 800, 1_500, 2_000];

/**
 * Stops a job, and looks at what has become of it: Ray says `stopped: true` of a job that has not started, and lets it
 * wait on.
 *
 * @throws {ClientTimeoutError} after `giveUpAfterMs`
 */
export async function stopJob(
  job: { stop(call: CallOptions): Promise<StoppedJob>; get(call: CallOptions): Promise<Job> },
  jobId: string,
  { untilStopped, giveUpAfterMs, ...call }: StopJobOptions,
): Promise<StoppedJob> {
  if (giveUpAfterMs !== undefined && !untilStopped)
    refuseOption('stopJob: giveUpAfterMs goes with untilStopped: true; timeoutMs bounds the call.');
  const answer = await job.stop(call);
  if (untilStopped) {
    const { timeoutMs: _, ...patience } = call;
    const hint = 'It was told to stop; wait again with stopJob or waitForJob.';
    const ended = await waitForJob(job.get, jobId, { ...patience, giveUpAfterMs }, async () => [], hint);
    const { status: jobStatus } = jobStateOf(ended);
    return { ...answer, stopped: jobStatus === 'STOPPED', jobStatus };
  }
  return answer.stopped ? look(answer, job.get, call) : answer;
}

async function look(
  answer: StoppedJob,
  get: (call: CallOptions) => Promise<Job>,
  call: CallOptions,
): Promise<StoppedJob> {
  const { signal, timeoutMs = Number.POSITIVE_INFINITY } = call;
  const endsAt = performance.now() + timeoutMs;
  let message: string | null | undefined;
  let jobStatus: JobStatus | undefined;
  for (const waitMs of LOOKS_MS) {
    if (performance.now() + waitMs > endsAt) break;
    await delay(waitMs, signal);
    try {
      const job = await get(call);
      ({ status: jobStatus, message } = { message: job.message, ...jobStateOf(job) });
    } catch (error) {
      // The stop itself was answered.
      if (ClientError.isInstance(error)) return answer;
      throw error;
    }
    if (jobStatus !== 'PENDING') return answer;
  }
  return {
    ...answer,
    stopped: false,
    jobStatus,
    reason:
      `The job has not started, and until then it is not stopped: it stays PENDING. ${message ?? ''}`.trim(),
  };
}

/** Adds to the refusal to delete a job what to do about it. @throws always */
export function explainUndeleted(error: unknown): never {
  if (!ConflictError.isInstance(error)) throw error;
  const { message, detail, requestId } = error;
  throw new ConflictError({
    message: `${message} Only a job that has ended can be deleted: stop it first, with stopJob(id, { untilStopped: true }).`,
    detail,
    requestId,
    cause: error,
  });
}
