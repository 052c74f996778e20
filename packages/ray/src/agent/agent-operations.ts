import { type ApiClient, type CallOptions, ServerError, UnsupportedByServerError } from '@raywire/core';
import { readOptions } from '@raywire/core/internal';
import { validateApplicationName, validateResourceId } from '@raywire/network';
import { collectLog } from '../collect-log.js';
import { Listing } from '../listing.js';
import type { RayOperations } from '../ray-backend.js';
import { type Job, withJobId } from '../resources/job.js';
import {
  prepareSubmission,
  SUBMIT_OPTIONS,
  type SubmittedJob,
  sendSubmission,
} from '../resources/job-submission.js';
import { stoppedJob } from '../resources/stopped-job.js';
import { logBodyText } from '../source/log-body-text.js';
import type { AgentCapabilities, AgentCapability } from './agent-capabilities.js';

/** The REST calls of the agent protocol. */
export function agentOperations(capabilities: AgentCapabilities): RayOperations {
  const requireCapability = async (
    api: ApiClient,
    name: AgentCapability,
    options: CallOptions,
  ): Promise<void> => {
    if ((await capabilities.of(api, options)).has(name)) return;
    throw new UnsupportedByServerError({
      message: `This agent cannot ${name} jobs: it is not a Raywire gateway, or an older one. Use @raywire/gateway in front of Ray, or DashboardClient of @raywire/dashboard.`,
    });
  };
  return {
    validateId(kind, id) {
      if (kind === 'serve application') validateApplicationName(id);
      else validateResourceId(id, kind);
    },
    healthCheck: (api, options) => getObject(api, 'health/', options),
    getGpuStatus: (api, options) => getObject(api, 'gpu_status/', options),
    async listJobs(api, options) {
      const { items, total } = await listAll<Job>(api, 'jobs/', options);
      return new Listing({ items: items.map(withJobId), total });
    },
    getJob,
    async getJobLogs(api, jobId, limits, options) {
      const headers = { accept: 'text/plain, application/json' };
      const response = await api.stream({ path: `jobs/${jobId}/logs/`, headers, ...options });
      try {
        return await collectLog(response.body, logBodyText(response.headers['content-type']), limits);
      } finally {
        response.cancel();
      }
    },
    prepareSubmission(options, method, besides) {
      const submission = prepareSubmission(readOptions(SUBMIT_OPTIONS, options, method, besides));
      const { body, call, idempotent } = submission;
      validateResourceId(body.submission_id, 'job');
      const send = { method: 'POST', path: 'jobs/', json: body, idempotent, ...call } as const;
      return async (api) => {
        await requireCapability(api, 'submit', call);
        return sendSubmission(
          submission,
          async () => (await api.request<SubmittedJob>(send)).data,
          () => getJob(api, body.submission_id, call),
        );
      };
    },
    async stopJob(api, jobId, options) {
      const { data } = await api.request({ method: 'POST', path: `jobs/${jobId}/stop/`, ...options });
      return stoppedJob(data);
    },
    async deleteJob(api, jobId, options) {
      await requireCapability(api, 'delete', options);
      await api.request({ method: 'DELETE', path: `jobs/${jobId}/`, ...options });
    },
    listNodes: (api, options) => listAll(api, 'nodes/', options),
    getNode: (api, nodeId, options) => getObject(api, `nodes/${nodeId}/`, options),
    listTasks: (api, options) => listAll(api, 'tasks/', options),
    getTask: (api, taskId, options) => getObject(api, `tasks/${taskId}/`, options),
    listServeApplications: (api, options) => listAll(api, 'serve_applications/', options),
    getServeApplication: (api, name, options) =>
      getObject(api, `serve_applications/${encodeURIComponent(name)}/`, options),
    async deleteServeApplication(api, name, options) {
      const path = `serve_applications/${encodeURIComponent(name)}/`;
      await api.request({ method: 'DELETE', path, ...options });
    },
  };
}

async function getJob(api: ApiClient, jobId: string, options: CallOptions): Promise<Job> {
  return withJobId(await getObject<Job>(api, `jobs/${jobId}/`, options));
}

async function getObject<T = Record<string, unknown>>(
  api: ApiClient,
  path: string,
  options: CallOptions,
): Promise<T> {
  const { data } = await api.request<unknown>({ path, ...options });
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw unexpected(path, 'a JSON object');
  return data as T;
}

/** Both list shapes: a bare array, or pages whose `next` is followed to the end, on the same origin only. */
async function listAll<T>(api: ApiClient, path: string, options: CallOptions): Promise<Listing<T>> {
  const items: T[] = [];
  const seen = new Set<string>();
  let total: number | undefined;
  for (let next: string | undefined = api.url(path); next !== undefined; ) {
    if (seen.has(next)) throw unexpected(path, 'pages whose `next` comes to an end');
    seen.add(next);
    const { data }: { data: unknown } = await api.request<unknown>({ path: next, ...options });
    if (Array.isArray(data) && seen.size === 1) return new Listing({ items: data as T[] });
    const page = data as { results?: unknown; count?: unknown; next?: unknown } | null;
    if (!Array.isArray(page?.results)) throw unexpected(path, 'an array, or pages with `results`');
    for (const item of page.results as T[]) items.push(item);
    if (typeof page.count === 'number') total = page.count;
    next = nextPage(page.next, next);
  }
  // A job that came while the pages were read is in them, and not in the count of the first.
  return new Listing({ items, total: Math.max(total ?? 0, items.length) });
}

/** The credentials never leave the origin, and a list that cannot be followed must not look whole. */
function nextPage(link: unknown, from: string): string | undefined {
  if (link === undefined || link === null || link === '') return undefined;
  if (typeof link !== 'string' || !URL.canParse(link, from))
    throw unexpected(new URL(from).pathname, 'pages whose `next` is a URL');
  const next = new URL(link, from);
  if (next.origin === new URL(from).origin) return next.href;
  throw new ServerError({
    statusCode: 502,
    code: 'REDIRECT_REFUSED',
    message: `The list goes on at another origin (${next.origin}), where the credentials must not go. Is the base URL the one that the agent knows itself by?`,
  });
}

function unexpected(path: string, wanted: string): ServerError {
  return new ServerError({
    statusCode: 502,
    code: 'UNEXPECTED_RESPONSE',
    message: `The answer of ${path} should be ${wanted}, but it is not. Is the base URL that of an agent?`,
  });
}
