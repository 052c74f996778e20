import { HTTPError, UnsupportedByServerError } from '@raywire/core';

/** What a job that was started with `ray.init` lacks, and which calls it has. */
export function notSubmitted(jobId: string, lacks: string): string {
  return `The job ${JSON.stringify(jobId)} was started with ray.init and not submitted, so Ray ${lacks}. It has getJob and waitForJob; the output of its workers is in tailWorkerLogs, tailTaskLogs and tailActorLogs.`;
}

/**
 * Explains why Ray refuses to do something with a job: it does it to submitted ones only.
 *
 * @throws {UnsupportedByServerError} for a job that was not submitted
 */
export function explainDriverJob(error: unknown, jobId: string, lacks: string): never {
  if (!HTTPError.isInstance(error) || !error.message.includes('submission type jobs')) throw error;
  throw new UnsupportedByServerError({ message: notSubmitted(jobId, lacks), cause: error });
}
