import { NotFoundError } from '@raywire/core';
import type { ServeApplication, ServeReplicaDetails, Task } from '@raywire/ray';
import { getServeApplication } from '../serve/serve-applications.js';
import { getStateRows } from '../state/list-state.js';
import type { Actor, Worker } from '../state/state-rows.js';
import { validateRayId } from '../validate-ray-id.js';
import { type LogStream, type ResourceLogState, type ResourceLook, workerLogName } from './resource-log.js';

/**
 * What a task printed: its part of its worker's file. While it runs, its end there is not known yet; a next task on
 * the same worker may then be seen until Ray tells that this one has ended (about a second).
 */
export function taskLog(taskId: string, stream: LogStream): ResourceLook {
  return async (api, call) => {
    const query = { resource: 'tasks', key: 'task_id', id: taskId, kind: 'task' } as const;
    const attempts = await getStateRows<Task>(api, query, call);
    const task = attempts.reduce((last, other) =>
      Number(other.attempt_number) > Number(last.attempt_number) ? other : last,
    );
    const status = String(task.state);
    const terminal = status === 'FINISHED' || status === 'FAILED';
    const state = {
      status,
      terminal,
      exitCode: null,
      identity: `${taskId}/${task.attempt_number ?? 0}`,
    };
    const info = task.task_log_info;
    const path = info?.[`std${stream}_file`];
    if (info == null && typeof task.actor_id === 'string' && (terminal || status === 'RUNNING')) {
      throw new NotFoundError({
        code: 'NO_TASK_LOG',
        message: `Ray keeps no log of its own for the actor task ${taskId}: read that of its actor, tailActorLogs(${JSON.stringify(task.actor_id)}).`,
      });
    }
    if (info == null && status === 'FINISHED') {
      throw new NotFoundError({
        code: 'NO_TASK_LOG',
        message: `Ray does not know which lines of its worker's log are of the task ${taskId}, as where log files are rotated: read all of them, tailWorkerLogs(${JSON.stringify(task.worker_id ?? '…')}).`,
      });
    }
    if (typeof path !== 'string' || typeof task.node_id !== 'string')
      return { ...state, location: undefined };
    const start = Number(info?.[`std${stream}_start`] ?? 0);
    const end = info?.[`std${stream}_end`];
    const filename = path.slice(path.lastIndexOf('/') + 1);
    return {
      ...state,
      location: { nodeId: task.node_id, filename, start, end: typeof end === 'number' ? end : undefined },
    };
  };
}

/** What an actor's process prints; one that was restarted has another process, and another log. */
export function actorLog(actorId: string, stream: LogStream): ResourceLook {
  const filenames = new Map<number, string>();
  return async (api, call) => {
    const query = { resource: 'actors', key: 'actor_id', id: actorId, kind: 'actor' } as const;
    const [actor] = await getStateRows<Actor>(api, query, call);
    const status = String(actor.state);
    const { node_id: nodeId, pid } = actor;
    const state = { status, terminal: status === 'DEAD', exitCode: null, identity: `${actorId}@${pid ?? 0}` };
    if (!nodeId || !pid) return { ...state, location: undefined };
    const filename =
      filenames.get(pid) ??
      (await workerLogName(
        api,
        { nodeId, glob: `worker-*-${pid}.${stream}`, what: `The actor ${actorId}` },
        call,
      ));
    filenames.set(pid, filename);
    return { ...state, location: wholeFile(nodeId, filename) };
  };
}

/** What a worker process prints, whichever tasks it runs. */
export function workerLog(workerId: string, stream: LogStream): ResourceLook {
  let filename: string | undefined;
  return async (api, call) => {
    const query = { resource: 'workers', key: 'worker_id', id: workerId, kind: 'worker' } as const;
    const [worker] = await getStateRows<Worker>(api, query, call);
    const terminal = worker.is_alive === false;
    const state = { status: terminal ? 'DEAD' : 'ALIVE', terminal, exitCode: null, identity: workerId };
    const { node_id: nodeId } = worker;
    if (!nodeId) return { ...state, location: undefined };
    filename ??= await workerLogName(
      api,
      { nodeId, glob: `worker-${workerId}-*.${stream}`, what: `The worker ${workerId}` },
      call,
    );
    return { ...state, location: wholeFile(nodeId, filename) };
  };
}

/** Which replica of which deployment. */
export interface ServeReplica {
  /** The name of the Serve application. */
  application: string;
  /** The name of its deployment. */
  deployment: string;
  /** `replica_id` of a replica in `getServeApplication`'s `deployments`. */
  replicaId: string;
}

/**
 * One name of a replica, for cursors and messages.
 *
 * @throws {InvalidArgumentError} when it is not one
 */
export function replicaName(replica: ServeReplica): string {
  const { application, deployment, replicaId } = replica ?? {};
  validateRayId('serve application', application);
  validateRayId('deployment', deployment);
  validateRayId('replica', replicaId);
  return `${application}#${deployment}#${replicaId}`;
}

/** What a Serve replica logs. */
export function replicaLog(replica: ServeReplica): ResourceLook {
  let known: ResourceLogState | undefined;
  return async (api, call) => {
    const application = await getServeApplication(api, replica.application, call).catch((error: unknown) => {
      if (NotFoundError.isInstance(error) && known !== undefined) return undefined;
      throw error;
    });
    const row = application && findReplica(application, replica);
    if (row === undefined) {
      if (known !== undefined) return { ...known, status: 'STOPPED', terminal: true };
      throw new NotFoundError({
        message: `There is no replica ${JSON.stringify(replica.replicaId)} of ${replica.deployment} in the Serve application ${JSON.stringify(replica.application)}.`,
      });
    }
    const { node_id: nodeId, log_file_path: path } = row;
    const state = { status: String(row.state), terminal: false, exitCode: null, identity: replica.replicaId };
    const location = nodeId && path ? wholeFile(nodeId, path.replace(/^\/+/, '')) : undefined;
    known = { ...state, location };
    return known;
  };
}

function findReplica(
  application: ServeApplication,
  { deployment, replicaId }: ServeReplica,
): ServeReplicaDetails | undefined {
  return application.deployments?.[deployment]?.replicas?.find((row) => row.replica_id === replicaId);
}

function wholeFile(nodeId: string, filename: string): NonNullable<ResourceLogState['location']> {
  return { nodeId, filename, start: 0, end: undefined };
}
