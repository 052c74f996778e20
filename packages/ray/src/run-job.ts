import type { ApiClient } from '@raywire/core';
import { abortSignal, optionNames, readOptions, redacted, refuseOption } from '@raywire/core/internal';
import { JobRun } from './job-run.js';
import type { RayOperations } from './ray-backend.js';
import type { RayClient, RunJobOptions } from './ray-client.js';
import { RUN_OPTIONS } from './ray-client-options.js';

/**
 * Submits a job, and gives its log and its result.
 *
 * @throws {InvalidArgumentError} for a bad option, before anything is sent
 */
export function runJob(
  client: ApiClient & Pick<RayClient, 'tailJobLogs' | 'waitForJob' | 'stopJob'>,
  prepare: RayOperations['prepareSubmission'],
  options: RunJobOptions,
): JobRun {
  // A job that is to be stopped has to be known: an abort does not cut off its submission.
  const submission = options?.stopOnAbort === true ? { ...options, signal: undefined } : options;
  const submit = prepare(submission, 'runJob', optionNames(RUN_OPTIONS));
  const checked = readOptions(RUN_OPTIONS, options, 'runJob', Object.keys(options));
  const { tail, throwOnFailure, stopOnAbort } = checked;
  const { signal: given, submissionId = 'any' } = options;
  const signal = given && abortSignal().check(given, 'runJob: signal');
  if (stopOnAbort && signal === undefined) refuseOption('runJob: stopOnAbort needs a signal.');
  const call = signal === undefined ? {} : { signal };
  // A bad option of the tail must not be found only when the job runs already.
  void client.tailJobLogs(submissionId, tail).close();
  return new JobRun({
    submit: () => redacted(client, [options], () => submit(client)),
    tail: (jobId) => client.tailJobLogs(jobId, { ...call, ...tail }),
    wait: (jobId) => client.waitForJob(jobId, { ...call, throwOnFailure }),
    throwOnFailure,
    stop: (jobId) => client.stopJob(jobId),
    stopSignal: stopOnAbort ? signal : undefined,
  });
}
