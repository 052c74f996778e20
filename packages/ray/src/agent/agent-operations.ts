import { type ApiClient, type CallOptions, UnsupportedByServerError } from '@raywire/core';
import { readOptions } from '@raywire/core/internal';
import { validateApplicationName, validateResourceId } from '@raywire/network';
import { collectLog } from '../collect-log.js';
import { Listing } from '../lists/listing.js';
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
import { agentList, unexpectedAnswer } from './agent-list.js';

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
  const list = agentList(capabilities);
  return {
    validateId(kind, id) {
      if (kind === 'serve application') validateApplicationName(id);
      else validateResourceId(id, kind);
    },
    healthCheck: (api, options) => getObject(api, 'health/', options),
    getGpuStatus: (api, options) => getObject(api, 'gpu_status/', options),
    async listJobs(api, options) {
      const { items, ...rest } = await list<Job>('jobs/')(api, options);
      return new Listing({ ...rest, items: items.map(withJobId) });
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
      const submission = prepareSubmission(readOptions(SUBMIT_OPTIONS, options, method, besides), method);
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
    listNodes: list('nodes/'),
    getNode: (api, nodeId, options) => getObject(api, `nodes/${nodeId}/`, options),
    listTasks: list('tasks/'),
    getTask: (api, taskId, options) => getObject(api, `tasks/${taskId}/`, options),
    listServeApplications: list('serve_applications/'),
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
    throw unexpectedAnswer(path, 'a JSON object');
  return data as T;
}
