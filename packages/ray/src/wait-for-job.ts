import {
  type CallOptions,
  ClientConnectionError,
  ClientTimeoutError,
  JobFailedError,
  ServerError,
} from '@raywire/core';
import {
  CALL_OPTIONS,
  delay,
  duration,
  flag,
  type OptionTable,
  type RefusedOptions,
  refused,
} from '@raywire/core/internal';
import type { Job } from './resources/job.js';
import { jobStateOf } from './source/job-state.js';

/** How to wait for the end of a job. */
export interface WaitForJobOptions extends Omit<CallOptions, 'timeoutMs'> {
  /** Give up after this many milliseconds. Default: never. Days are fine. */
  giveUpAfterMs?: number | undefined;
  /** Throw a `JobFailedError` when the job ends as FAILED or STOPPED. Default false. */
  throwOnFailure?: boolean | undefined;
}

/** What both waits take: how long a single call may take is not for their callers to say. */
export const PATIENCE_OPTIONS: OptionTable<
  Omit<WaitForJobOptions, 'throwOnFailure'> & RefusedOptions<'timeoutMs'>
> = /* @__PURE__ */ ((): typeof PATIENCE_OPTIONS => ({
  ...CALL_OPTIONS,
  timeoutMs: refused('it is called giveUpAfterMs here.'),
  giveUpAfterMs: duration(undefined, Number.POSITIVE_INFINITY),
}))();

/** The table of `WaitForJobOptions`. */
export const WAIT_OPTIONS: OptionTable<WaitForJobOptions & RefusedOptions<'timeoutMs'>, 'throwOnFailure'> =
  /* @__PURE__ */ ((): typeof WAIT_OPTIONS => ({
    ...PATIENCE_OPTIONS,
    throwOnFailure: flag(false),
  }))();

const FIRST_INTERVAL_MS = 100;
const LONGEST_INTERVAL_MS = 2_000;
/** No single call may take longer. */
const LONGEST_CALL_MS = 30_000;
/** Without `giveUpAfterMs`, how long a server that is away is waited for. */
const FORGIVEN_MS = 300_000;

/**
 * Asks for a job until it has ended; the interval grows from 0.1 to 2 s. A server that is away is waited for: until
 * `giveUpAfterMs`, or five minutes without it.
 *
 * @throws {ClientTimeoutError} after `giveUpAfterMs`
 * @throws {JobFailedError} with `throwOnFailure`, when it did not succeed
 */
export async function waitForJob(
  getJob: (options: CallOptions) => Promise<Job>,
  jobId: string,
  options: WaitForJobOptions,
  lastLines: () => Promise<readonly string[]>,
  hint = 'It goes on; wait again, or stop it with stopJob.',
): Promise<Job> {
  const { giveUpAfterMs, throwOnFailure, ...call } = options;
  const signal = options.signal ?? new AbortController().signal;
  const startedAt = performance.now();
  const left = (): number => (giveUpAfterMs ?? Number.POSITIVE_INFINITY) - (performance.now() - startedAt);
  let status = 'of unknown status';
  let answeredAt = startedAt;
  let ended: Job;
  for (let intervalMs = FIRST_INTERVAL_MS; ; intervalMs = Math.min(intervalMs * 1.5, LONGEST_INTERVAL_MS)) {
    try {
      const job = await getJob({ ...call, timeoutMs: Math.min(Math.max(left(), 1), LONGEST_CALL_MS) });
      if (jobStateOf(job).terminal) {
        ended = job;
        break;
      }
      ({ status } = job);
      answeredAt = performance.now();
    } catch (error) {
      const isForgiven = performance.now() - answeredAt < FORGIVEN_MS || giveUpAfterMs !== undefined;
      if (!isAway(error) || !isForgiven) throw error;
    }
    if (left() <= 0) {
      throw new ClientTimeoutError({
        message: `The job ${jobId} was still ${status} after ${giveUpAfterMs} ms. ${hint}`,
      });
    }
    await delay(Math.min(intervalMs, left()), signal);
  }
  return throwOnFailure ? assertSucceeded(ended, jobId, lastLines) : ended;
}

/** A server that is away, or unwell, may come back: the job does not depend on it. */
function isAway(error: unknown): boolean {
  if (ClientConnectionError.isInstance(error) || ClientTimeoutError.isInstance(error)) return true;
  return ServerError.isInstance(error) && error.code === 'SERVER_ERROR';
}

/**
 * @param lastLines asked for the end of the log only where it is needed
 * @throws {JobFailedError} unless the job has succeeded
 */
async function assertSucceeded(
  job: Job,
  jobId: string,
  lastLines: () => Promise<readonly string[]>,
): Promise<Job> {
  const { status, exitCode } = jobStateOf(job);
  if (status === 'SUCCEEDED') return job;
  const code = exitCode === null ? '' : ` with exit code ${exitCode}`;
  throw new JobFailedError({
    message: `The job ${jobId} ended as ${status}${code}${job.message ? `: ${job.message}` : '.'}`,
    jobStatus: status,
    exitCode,
    lastLines: await lastLines(),
    detail: job.error_type ?? undefined,
  });
}
