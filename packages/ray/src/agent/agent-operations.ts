import { type ApiClient, type CallOptions, UnsupportedByServerError } from '@raywire/core';
import { readOptions } from '@raywire/core/internal';
import { validateApplicationName, validateResourceId } from '@raywire/network';
import { checkLocalFiles, packLocalFiles } from '#local-files';
import { collectLog } from '../collect-log.js';
import { Listing } from '../lists/listing.js';
import type { LocalFiles } from '../local-files/local-package.js';
import { uploadPackage } from '../local-files/upload-package.js';
import type { RayOperations } from '../ray-backend.js';
import { type Job, withJobId } from '../resources/job.js';
import {
  prepareSubmission,
  SUBMIT_OPTIONS,
  type SubmitJobOptions,
  type SubmittedJob,
  sendSubmission,
} from '../resources/job-submission.js';
import type { RuntimeEnv } from '../resources/runtime-env.js';
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
    what = `${name} jobs`,
  ): Promise<void> => {
    if ((await capabilities.of(api, options)).has(name)) return;
    throw new UnsupportedByServerError({
      message: `This agent cannot ${what}: it is not a Raywire gateway, or an older one. Use @raywire/gateway in front of Ray, or DashboardClient of @raywire/dashboard.`,
    });
  };
  /** The runtime environment with the working directory in it, if there is one. */
  const uploadDirectory = async (
    api: ApiClient,
    { workingDirectory: source, onUploadProgress: onProgress, runtimeEnv = {} }: SubmitJobOptions,
    method: string,
    call: CallOptions,
  ): Promise<RuntimeEnv | undefined> => {
    if (source === undefined) return undefined;
    const { excludes, ...environment } = runtimeEnv;
    const place = `${method}: workingDirectory`;
    const files: LocalFiles = { source, kind: 'directory', place, excludes: excludes ?? [] };
    await checkLocalFiles(files);
    await requireCapability(api, 'upload', call, 'take a workingDirectory');
    const made = await packLocalFiles(files, { onProgress, signal: call.signal });
    const working_dir = await uploadPackage(api, `packages/${made.name}/`, made, onProgress, call);
    return { ...environment, working_dir };
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
      const checked = readOptions(SUBMIT_OPTIONS, options, method, besides);
      const submission = prepareSubmission(checked, method);
      const { body, call, idempotent } = submission;
      validateResourceId(body.submission_id, 'job');
      return async (api) => {
        const runtimeEnv = await uploadDirectory(api, checked, method, call);
        await requireCapability(api, 'submit', call);
        const json = { ...body, ...(runtimeEnv && { runtime_env: runtimeEnv }) };
        const send = { method: 'POST', path: 'jobs/', json, idempotent, ...call } as const;
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
