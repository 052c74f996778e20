import type { JobStatus } from '@raywire/core';

/** What has become of a job that was to be stopped; `fieldOf` reads further fields of the server. */
export interface StoppedJob {
  /** The job is being stopped. False: it had ended before, or cannot be stopped yet, and then `reason` says why. */
  stopped: boolean;
  /** Why it goes on: a job that has not started cannot be stopped on Ray. */
  reason?: string | undefined;
  /** With `untilStopped`, how the job ended; with a `reason`, how it is now. */
  jobStatus?: JobStatus | undefined;
}

/** Reads an answer of 2xx: the job is being stopped unless the answer has `stopped: false`. */
export function stoppedJob(answer: unknown): StoppedJob {
  const sent: { stopped?: unknown } = typeof answer === 'object' ? (answer ?? {}) : {};
  return { ...sent, stopped: sent.stopped !== false };
}
