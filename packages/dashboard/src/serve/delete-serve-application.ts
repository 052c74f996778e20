import { type ApiClient, type CallOptions, ConflictError, ServerError } from '@raywire/core';
import { delay } from '@raywire/core/internal';
import type { ServeApplication } from '@raywire/ray';
import { jobStateOf } from '@raywire/ray/internal';
import { deleteJob, getJob, submitJob } from '../job-operations.js';
import {
  getServeApplication,
  getServeDetails,
  putServeConfig,
  type ServeDetails,
} from './serve-applications.js';

const ATTEMPTS = 3;
const JOB_INTERVAL_MS = 250;
const NAME_VARIABLE = 'RAYWIRE_SERVE_APPLICATION';
// The name travels in the environment: no shell ever reads it.
const DELETE_ENTRYPOINT = `python -c "import os; from ray import serve; serve.delete(os.environ['${NAME_VARIABLE}'])"`;

/**
 * Deletes one application and no other; Ray has no route for that. A declarative one: the others are declared anew
 * without it. An imperative one (`serve.run`): a short job calls `serve.delete`, and is removed afterwards.
 *
 * @throws {NotFoundError}
 * @throws {ConflictError} when somebody else keeps changing the applications meanwhile
 */
export async function deleteServeApplication(api: ApiClient, name: string, call: CallOptions): Promise<void> {
  const application = await getServeApplication(api, name, call);
  if (application.status === 'DELETING') return;
  if (isDeclarative(application)) await undeclare(api, name, call);
  else await deleteByJob(api, name, call);
}

function isDeclarative({ source, deployed_app_config: config }: ServeApplication): boolean {
  return source === 'declarative' || (source !== 'imperative' && config != null);
}

async function undeclare(api: ApiClient, name: string, call: CallOptions): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const before = await getServeDetails(api, call);
    const remaining = declaredBut(before, name);
    // The set is written whole: if it changed between reading and writing, somebody's application would be lost.
    const again = declaredBut(await getServeDetails(api, call), name);
    if (JSON.stringify(again) !== JSON.stringify(remaining)) continue;
    const { target_capacity: capacity, proxy_location: location } = before;
    await putServeConfig(
      api,
      {
        applications: remaining,
        ...(capacity != null && { target_capacity: capacity }),
        ...(location != null && { proxy_location: location }),
      },
      call,
    );
    const { applications } = await getServeDetails(api, call);
    const target = applications[name];
    if (target === undefined || target.status === 'DELETING') return;
  }
  throw new ConflictError({
    message: `The Serve applications were changed by somebody else ${ATTEMPTS} times while ${JSON.stringify(name)} was being deleted. Try again.`,
  });
}

function declaredBut({ applications }: ServeDetails, name: string): Record<string, unknown>[] {
  return Object.entries(applications)
    .filter(([other, details]) => other !== name && isDeclarative(details) && details.status !== 'DELETING')
    .map(([, details]) => details.deployed_app_config as Record<string, unknown>);
}

async function deleteByJob(api: ApiClient, name: string, call: CallOptions): Promise<void> {
  const id = `raywire_serve_delete_${crypto.randomUUID()}`;
  const body = {
    entrypoint: DELETE_ENTRYPOINT,
    submission_id: id,
    runtime_env: { env_vars: { [NAME_VARIABLE]: name } },
    metadata: { raywire: 'serve.delete', application: name },
  };
  await submitJob(api, { body, call, idempotent: true });
  for (;;) {
    const job = await getJob(api, id, call);
    const { terminal, status } = jobStateOf(job);
    if (!terminal) {
      await delay(JOB_INTERVAL_MS, call.signal);
      continue;
    }
    await deleteJob(api, id, call);
    if (status === 'SUCCEEDED') return;
    throw new ServerError({
      code: 'SERVE_DELETE_FAILED',
      message: `The job that calls serve.delete(${JSON.stringify(name)}) ended as ${status}.`,
      detail: job.message,
    });
  }
}
