import { type CallOptions, ConflictError } from '@raywire/core';
import {
  amount,
  CALL_OPTIONS,
  callback,
  kind,
  type OptionTable,
  recordOf,
  refuseOption,
  required,
  text,
} from '@raywire/core/internal';
import type { UploadProgress } from '../local-files/local-package.js';
import { type Job, withJobId } from './job.js';
import type { RuntimeEnv } from './runtime-env.js';
import { runtimeEnvKind } from './runtime-env-kind.js';

/** A job to run. */
export interface SubmitJobOptions extends CallOptions {
  /** The shell command that runs on the cluster. */
  entrypoint: string;
  /** Default: made by the client, so that a retry can never run the job twice. */
  submissionId?: string | undefined;
  /**
   * The folder that the job runs in, an archive (`.zip`, `.tar.gz`, `.tgz`, `.tar.xz`), or a `Blob` of one. A folder is
   * packed without what `.gitignore`, `.rayignore` and `runtimeEnv.excludes` leave out, and without `node_modules`,
   * `.git`, `.venv`, `venv` and `__pycache__` (`excludes: ['!node_modules']` brings one back). It is uploaded unless the
   * cluster has the same content. At most 100 MiB packed.
   */
  workingDirectory?: string | Blob | undefined;
  /** Told how far the packing and the upload of local files have come. */
  onUploadProgress?: ((progress: UploadProgress) => void) | undefined;
  /** Ray's runtime environment. Fields that resemble one of Ray's are refused; those of plugins pass. */
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
  /** Labels of the node that the entrypoint runs on: `{ 'market-type': 'spot' }`. Not in Ray 2.40. */
  entrypointLabelSelector?: Record<string, string> | undefined;
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
  entrypoint_label_selector?: Record<string, string>;
}

/** A submission, checked. */
export interface PreparedSubmission {
  body: JobSubmissionBody;
  call: CallOptions;
  /** The ID is of our own making: sent twice, the job runs once. */
  idempotent: boolean;
}

/** The table of `SubmitJobOptions`. */
export const SUBMIT_OPTIONS: OptionTable<SubmitJobOptions> = /* @__PURE__ */ ((): typeof SUBMIT_OPTIONS => ({
  ...CALL_OPTIONS,
  entrypoint: required(
    kind('a shell command, such as "python train.py"', (value) => isString(value) && value.trim() !== ''),
  ),
  submissionId: text('a string that is not empty'),
  workingDirectory: kind("the path of a folder or archive, such as '.', or a Blob of an archive", (value) =>
    isString(value) ? value !== '' : isBlob(value),
  ),
  onUploadProgress: callback(),
  runtimeEnv: runtimeEnvKind(),
  metadata: recordOf(kind('a string, as Ray keeps only strings', isString)),
  entrypointNumCpus: amount(),
  entrypointNumGpus: amount(),
  entrypointMemory: amount(),
  entrypointResources: recordOf(amount()),
  entrypointLabelSelector: recordOf(kind("a label's value, or a condition such as 'in(a,b)'", isString)),
}))();

/**
 * The submission that checked options ask for, without the working directory.
 *
 * @param method the caller's name for it
 * @throws {InvalidArgumentError} for two working directories
 */
export function prepareSubmission(options: SubmitJobOptions, method: string): PreparedSubmission {
  if (options.workingDirectory !== undefined && options.runtimeEnv?.working_dir != null) {
    refuseOption(
      `${method}: workingDirectory and runtimeEnv.working_dir exclude each other; pass one of them.`,
    );
  }
  const { signal, headers, timeoutMs, maxRetries } = options;
  return {
    body: jobSubmissionBody(options),
    call: { signal, headers, timeoutMs, maxRetries },
    idempotent: options.submissionId === undefined,
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

/** The body that a submission is sent as. */
function jobSubmissionBody(options: SubmitJobOptions): JobSubmissionBody {
  const { entrypoint, submissionId = makeSubmissionId(), runtimeEnv, metadata } = options;
  const { entrypointNumCpus, entrypointNumGpus, entrypointMemory, entrypointResources } = options;
  const { entrypointLabelSelector } = options;
  return {
    entrypoint,
    submission_id: submissionId,
    ...(runtimeEnv && { runtime_env: runtimeEnv }),
    ...(metadata && { metadata }),
    ...(entrypointNumCpus !== undefined && { entrypoint_num_cpus: entrypointNumCpus }),
    ...(entrypointNumGpus !== undefined && { entrypoint_num_gpus: entrypointNumGpus }),
    ...(entrypointMemory !== undefined && { entrypoint_memory: entrypointMemory }),
    ...(entrypointResources && { entrypoint_resources: entrypointResources }),
    ...(entrypointLabelSelector && { entrypoint_label_selector: entrypointLabelSelector }),
  };
}

/** A new ID in Ray's own form: `raysubmit_` and 16 letters and digits. */
export function makeSubmissionId(): string {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
  const random = crypto.getRandomValues(new Uint8Array(16));
  return `raysubmit_${Array.from(random, (byte) => alphabet[byte % alphabet.length]).join('')}`;
}

function isBlob(value: unknown): boolean {
  return typeof (value as Partial<Blob> | null)?.arrayBuffer === 'function';
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}
