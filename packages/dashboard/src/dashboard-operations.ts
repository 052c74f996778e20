import { type ApiClient, type CallOptions, NotFoundError } from '@raywire/core';
import { readOptions } from '@raywire/core/internal';
import { Listing, type Node, type RayOperations, type SubmittedJob, type Task } from '@raywire/ray';
import { prepareSubmission } from '@raywire/ray/internal';
import { getGpuStatus, getVersion } from './cluster-status.js';
import { deleteJob, getJob, getJobLogs, listAllJobs, stopJob, submitJob } from './job-operations.js';
import { deleteServeApplication } from './serve/delete-serve-application.js';
import { getServeApplication, listServeApplications } from './serve/serve-applications.js';
import { getStateRows, listState } from './state/list-state.js';
import { checkStateOptions, type StateListOptions } from './state/state-options.js';
import {
  DASHBOARD_SUBMIT_OPTIONS,
  type DashboardSubmitOptions,
  splitWorkingDirectory,
} from './submit-options.js';
import { validateRayId } from './validate-ray-id.js';
import { uploadWorkingDirectory } from './working-directory/upload-working-directory.js';

/** The REST calls of Ray's dashboard. */
export function dashboardOperations(): RayOperations {
  return {
    validateId: validateRayId,
    healthCheck,
    getGpuStatus,
    listJobs: listAllJobs,
    getJob,
    getJobLogs,
    prepareSubmission: prepareDashboardSubmission,
    stopJob,
    deleteJob,
    listNodes,
    getNode,
    listTasks: (api, options) => listState<Task>(api, 'tasks', checkStateOptions(options, 'listTasks')),
    getTask,
    listServeApplications,
    getServeApplication,
    deleteServeApplication,
  };
}

function prepareDashboardSubmission(
  options: DashboardSubmitOptions,
  method: string,
  besides: readonly string[] = [],
): (api: ApiClient) => Promise<SubmittedJob> {
  const checked = readOptions(DASHBOARD_SUBMIT_OPTIONS, options, method, besides);
  const { submission, directory } = splitWorkingDirectory(checked, method);
  const prepared = prepareSubmission(submission);
  const { body, call } = prepared;
  validateRayId('job', body.submission_id);
  return async (api) => {
    if (directory === undefined) return submitJob(api, prepared);
    const working_dir = await uploadWorkingDirectory(api, directory, call);
    const runtime_env = { ...body.runtime_env, working_dir };
    return submitJob(api, { ...prepared, body: { ...body, runtime_env } });
  };
}

/** The nodes, `alive` filled in. */
export async function listNodes(api: ApiClient, options?: StateListOptions): Promise<Listing<Node>> {
  const page = await listState<Node>(api, 'nodes', checkStateOptions(options, 'listNodes'));
  const { total, truncated, warnings } = page;
  return new Listing({ items: page.items.map(withAlive), total, truncated, warnings });
}

async function getNode(api: ApiClient, nodeId: string, call: CallOptions): Promise<Node> {
  // Not `/nodes/{id}`: that answers 200 with an empty shell for a node that does not exist.
  const [node] = await getStateRows<Node>(
    api,
    { resource: 'nodes', key: 'node_id', id: nodeId, kind: 'node' },
    call,
  );
  return withAlive(node);
}

/** Its last attempt. */
async function getTask(api: ApiClient, taskId: string, call: CallOptions): Promise<Task> {
  const attempts = await getStateRows<Task>(
    api,
    { resource: 'tasks', key: 'task_id', id: taskId, kind: 'task' },
    call,
  );
  return attempts.reduce((last, task) =>
    (task.attempt_number ?? 0) > (last.attempt_number ?? 0) ? task : last,
  );
}

function withAlive(node: Node): Node {
  return { ...node, alive: node.state === 'ALIVE' };
}

async function healthCheck(api: ApiClient, call: CallOptions): Promise<Record<string, unknown>> {
  // The head answers for its own process and, at this route, for the control store behind it; an old one has no such.
  await api.request({ path: 'api/gcs_healthz', expect: 'text', ...call }).catch((error: unknown) => {
    if (!NotFoundError.isInstance(error)) throw error;
  });
  return { status: 'healthy', ...(await getVersion(api, call)) };
}
