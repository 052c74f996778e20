import { type CallOptions, ConflictError, InvalidArgumentError } from '@raywire/core';
import { describeInput } from '@raywire/core/internal';
import { checkCallOptions, checkOptions, withCallOptions } from '../call-options.js';
import { type Job, withJobId } from './job.js';
import type { RuntimeEnv } from './runtime-env.js';

/** A job to run. */
export interface SubmitJobOptions extends CallOptions {
  /** The shell command that runs on the cluster. */
  entrypoint: string;
  /** Default: made by the client, so that a retry can never run the job twice. */
  submissionId?: string | undefined;
  /** Ray's runtime environment, passed as it is. */
  runtimeEnv?: RuntimeEnv | undefined;
  /** Kept with the job, and shown in its details. */
  metadata?: Record<string, string> | undefined;
  /** CPUs reserved for the entrypoint itself. */
  entrypointNumCpus?: number | undefined;
  /** GPUs reserved for the entrypoint itself. */
  entrypointNumGpus?: number | undefined;
  /** Bytes reserved for the entrypoint itself. */
  entrypointMemory?: number | undefined;
  /** Custom resources reserved for the entrypoint itself. */
  entrypointResources?: Record<string, number> | undefined;
}

/** What the server made of a submission. */
export interface SubmittedJob {
  /** Good for every method of either client. */
  id: string;
  job_id: string;
  submission_id: string;
}

/** Ray's own body for a submission. */
export interface JobSubmissionBody {
  entrypoint: string;
  submission_id: string;
  runtime_env?: RuntimeEnv;
  metadata?: Record<string, string>;
  entrypoint_num_cpus?: number;
  entrypoint_num_gpus?: number;
  entrypoint_memory?: number;
  entrypoint_resources?: Record<string, number>;
}

/** A submission, checked. */
export interface PreparedSubmission {
  body: JobSubmissionBody;
  call: CallOptions;
  /** The ID is of our own making: sent twice, the job runs once. */
  idempotent: boolean;
}

/** The options of a submission. */
const SUBMIT_OPTIONS: readonly string[] = [
  'entrypoint',
  'submissionId',
  'runtimeEnv',
  'metadata',
  'entrypointNumCpus',
  'entrypointNumGpus',
  'entrypointMemory',
  'entrypointResources',
];

/**
 * Checks a submission before anything is sent.
 *
 * @param method the caller's name for it: `submitJob` or `runJob`
 * @param besides further options of that method, which are checked elsewhere
 * @throws {InvalidArgumentError} naming the option and the remedy
 */
export function prepareSubmission(
  options: SubmitJobOptions,
  method: string,
  besides: readonly string[] = [],
): PreparedSubmission {
  const checked = checkOptions(options, withCallOptions([...SUBMIT_OPTIONS, ...besides]), method);
  const { signal, headers, timeoutMs, maxRetries } = checked;
  return {
    body: jobSubmissionBody(checked),
    call: checkCallOptions({ signal, headers, timeoutMs, maxRetries }, method),
    idempotent: checked.submissionId === undefined,
  };
}

/**
 * Sends a submission. Where a repetition of ours is answered 409 and the same job is there, an earlier attempt, whose
 * answer was lost, has made it.
 *
 * @throws {ConflictError} when the ID is taken by another job
 */
export async function sendSubmission(
  { body, idempotent }: PreparedSubmission,
  send: () => Promise<SubmittedJob>,
  getJob: () => Promise<Job>,
): Promise<SubmittedJob> {
  try {
    return withJobId(await send());
  } catch (error) {
    if (!idempotent || !ConflictError.isInstance(error)) throw error;
    const job = await getJob();
    if (job.entrypoint !== body.entrypoint) throw error;
    return { id: job.id, job_id: job.id, submission_id: body.submission_id };
  }
}

/**
 * The body that a submission is sent as.
 *
 * @throws {InvalidArgumentError} naming the option and the remedy
 */
function jobSubmissionBody(options: SubmitJobOptions): JobSubmissionBody {
  const { entrypoint, submissionId, runtimeEnv, metadata } = options;
  if (typeof entrypoint !== 'string' || entrypoint.trim() === '') {
    throw invalid('entrypoint must be a shell command, for example "python train.py".');
  }
  if (runtimeEnv !== undefined) assertObject('runtimeEnv', runtimeEnv);
  if (metadata !== undefined) {
    assertObject('metadata', metadata);
    for (const [key, value] of Object.entries(metadata)) {
      if (typeof value !== 'string')
        throw invalid(`metadata.${key} must be a string, as Ray keeps only strings.`);
    }
  }
  const { entrypointResources } = options;
  if (entrypointResources !== undefined) assertAmounts('entrypointResources', entrypointResources);
  return {
    entrypoint,
    submission_id: submissionId ?? makeSubmissionId(),
    ...(runtimeEnv && { runtime_env: runtimeEnv }),
    ...(metadata && { metadata }),
    ...amount('entrypointNumCpus', 'entrypoint_num_cpus', options.entrypointNumCpus),
    ...amount('entrypointNumGpus', 'entrypoint_num_gpus', options.entrypointNumGpus),
    ...amount('entrypointMemory', 'entrypoint_memory', options.entrypointMemory),
    ...(entrypointResources && { entrypoint_resources: entrypointResources }),
  };
}

/** A new ID in Ray's own form: `raysubmit_` and 16 letters and digits. */
export function makeSubmissionId(): string {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
  const random = crypto.getRandomValues(new Uint8Array(16));
  return `raysubmit_${Array.from(random, (byte) => alphabet[byte % alphabet.length]).join('')}`;
}

function amount(option: string, field: string, value: number | undefined): Record<string, number> {
  if (value === undefined) return {};
  assertAmount(option, value);
  return { [field]: value };
}

function assertAmounts(option: string, amounts: Record<string, number>): void {
  assertObject(option, amounts);
  for (const [key, value] of Object.entries(amounts)) assertAmount(`${option}.${key}`, value);
}

function assertAmount(option: string, value: unknown): void {
  if (typeof value === 'number' && value >= 0 && value !== Number.POSITIVE_INFINITY) return;
  throw invalid(`${option} must be a number from 0 up, but ${describeInput(value)} was given.`);
}

function assertObject(option: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(`${option} must be an object.`);
  }
}

function invalid(message: string): InvalidArgumentError {
  return new InvalidArgumentError({ message });
}
