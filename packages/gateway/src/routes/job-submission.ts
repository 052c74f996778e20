import type { JobSubmission } from '../contracts/job.js';
import { RequestRefused } from '../request-refused.js';
import { requireResourceId } from './resource-id.js';

/** More than any runtime environment needs, and less than what writing it as JSON again can bear. */
const MAX_DEPTH = 50;

/**
 * Of `runtime_env` and `metadata`, as Ray writes them. Ray passes both to the driver in one environment variable
 * (RAY_JOB_CONFIG_JSON_ENV_VAR, `job_supervisor.py`), and Linux allows 131,071 bytes for one; Ray adds some of its own.
 */
const MAX_CONFIG_BYTES = 128_000;

type Check = (value: unknown) => boolean;

const FIELDS: Record<keyof JobSubmission, [check: Check, shape: string]> = {
  entrypoint: [(value) => typeof value === 'string' && value.trim() !== '', 'a shell command'],
  submission_id: [(value) => requireResourceId(value, 'Job') !== '', 'an ID'],
  runtime_env: [
    (value) => isObject(value) && isShallow(value),
    `an object, nested at most ${MAX_DEPTH} deep`,
  ],
  metadata: [isRecordOf(isString), 'an object of strings'],
  entrypoint_num_cpus: [isAmount, 'a number of at least 0'],
  entrypoint_num_gpus: [isAmount, 'a number of at least 0'],
  entrypoint_memory: [isAmount, 'a number of bytes'],
  entrypoint_resources: [isRecordOf(isAmount), 'an object of numbers'],
  entrypoint_label_selector: [isRecordOf(isString), 'an object of strings'],
};

/**
 * Checks the body of `POST jobs/`. A field that is `null` is left out, as Python's clients send it.
 *
 * @throws {RequestRefused} 400, naming the field
 */
export function parseJobSubmission(body: unknown): JobSubmission {
  if (!isObject(body)) throw new RequestRefused(400, 'The body must be a JSON object with an entrypoint');
  const submission: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    if (!Object.hasOwn(FIELDS, name)) {
      throw new RequestRefused(
        400,
        `Unknown field '${name}'; a submission has ${Object.keys(FIELDS).join(', ')}`,
      );
    }
    if (value === null) continue;
    const [check, shape] = FIELDS[name as keyof JobSubmission];
    if (!check(value)) throw new RequestRefused(400, `${name} must be ${shape}`);
    submission[name] = value;
  }
  if (submission.entrypoint === undefined)
    throw new RequestRefused(400, 'entrypoint is required: a shell command');
  const { runtime_env, metadata } = submission;
  const configBytes = bytesInPython({ runtime_env, metadata });
  if (configBytes > MAX_CONFIG_BYTES) {
    throw new RequestRefused(
      400,
      `metadata and runtime_env have ${configBytes} bytes as JSON, and may have at most ${MAX_CONFIG_BYTES} ` +
        'together: put large values into a file that the job reads',
    );
  }
  return submission as unknown as JobSubmission;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isShallow(value: unknown, levels: number = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}

function isRecordOf(check: Check): Check {
  return (value) => isObject(value) && Object.values(value).every(check);
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** The length of a value as Python writes it in JSON: in ASCII alone. */
function bytesInPython(value: object): number {
  return JSON.stringify(value).replace(/[\u0080-\uffff]/g, '\\u0000').length;
}
