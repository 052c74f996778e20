import { type ApiClient, type CallOptions, NotFoundError } from '@raywire/core';
import { readOptions } from '@raywire/core/internal';
import {
  Listing,
  type Node,
  type RayOperations,
  type SubmitJobOptions,
  type SubmittedJob,
  type Task,
} from '@raywire/ray';
import {
  LIST_NODES_OPTIONS,
  LIST_TASKS_OPTIONS,
  NODE_ORDER,
  prepareSubmission,
  SUBMIT_OPTIONS,
  TASK_ORDER,
} from '@raywire/ray/internal';
import { getGpuStatus, getVersion } from './cluster-status.js';
import { deleteJob, getJob, getJobLogs, stopJob, submitJob } from './job-operations.js';
import { deleteServeApplication } from './serve/delete-serve-application.js';
import { getServeApplication, listServeApplications } from './serve/serve-applications.js';
import { listJobs, listStatePage } from './state/list-page.js';
import { getStateRows } from './state/list-state.js';
import {
  checkPageOptions,
  type DashboardListNodesOptions,
  type DashboardListTasksOptions,
} from './state/page-options.js';
import { hasLocalFiles, resolveRuntimeEnv } from './submission/resolve-runtime-env.js';
import { validateRayId } from './validate-ray-id.js';

/** The REST calls of Ray's dashboard. */
export function dashboardOperations(): RayOperations {
  return {
    validateId: validateRayId,
    healthCheck,
    getGpuStatus,
    listJobs,
    getJob,
    getJobLogs,
    prepareSubmission: prepareDashboardSubmission,
    stopJob,
    deleteJob,
    listNodes,
    getNode,
    listTasks,
    getTask,
    listServeApplications,
    getServeApplication,
    deleteServeApplication,
  };
}

function prepareDashboardSubmission(
  options: SubmitJobOptions,
  method: string,
  besides: readonly string[] = [],
): (api: ApiClient) => Promise<SubmittedJob> {
  const checked = readOptions(SUBMIT_OPTIONS, options, method, besides);
  const prepared = prepareSubmission(checked, method);
  const { body, call } = prepared;
  validateRayId('job', body.submission_id);
  return async (api) => {
    if (!hasLocalFiles(checked)) return submitJob(api, prepared);
    const runtime_env = await resolveRuntimeEnv(api, checked, method, call);
    return submitJob(api, { ...prepared, body: { ...body, runtime_env } });
  };
}

/** The nodes, `alive` filled in. */
export async function listNodes(
  api: ApiClient,
  options: DashboardListNodesOptions | undefined,
): Promise<Listing<Node>> {
  const checked = checkPageOptions<DashboardListNodesOptions>(LIST_NODES_OPTIONS, options, 'listNodes');
  const { items, ...rest } = await listStatePage(api, 'nodes', checked, NODE_ORDER);
  return new Listing({ ...rest, items: items.map(withAlive) });
}

/** The tasks, each attempt a row. */
export function listTasks(
  api: ApiClient,
  options: DashboardListTasksOptions | undefined,
): Promise<Listing<Task>> {
  const checked = checkPageOptions<DashboardListTasksOptions>(LIST_TASKS_OPTIONS, options, 'listTasks');
  return listStatePage(api, 'tasks', checked, TASK_ORDER);
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
