import { BaseClient, type BaseClientOptions, type CallOptions } from '@raywire/core';
import {
  type Constructor,
  type Job,
  type Listing,
  type LogTail,
  mergeTransports,
  type Node,
  type RayClient,
  RayClientMixin,
  type ServeApplication,
  type TailOptions,
  type Task,
} from '@raywire/ray';
import { checkCallOptions } from '@raywire/ray/internal';
import { httpTransport, undiciRequester } from '@raywire/transport-http';
import { webSocketTransport } from '@raywire/transport-ws';
import { type GpuStatus, getClusterStatus, getVersion, type RayVersion } from './cluster-status.js';
import { type DashboardBackend, rangesThenWebSocketThenFiles } from './dashboard-backend.js';
import { checkClientOptions, type DashboardClientOptions, OWN_OPTIONS } from './dashboard-client-options.js';
import { listNodes, listTasks } from './dashboard-operations.js';
import {
  type LogStream,
  type ResourceLook,
  type ResourceTailOptions,
  resourceTail,
} from './logs/resource-log.js';
import {
  actorLog,
  replicaLog,
  replicaName,
  type ServeReplica,
  taskLog,
  workerLog,
} from './logs/resource-logs.js';
import { withRayJobHeaders } from './ray-job-headers.js';
import { putServeConfig, type ServeConfig } from './serve/serve-applications.js';
import { type WaitForServeOptions, waitForServeApplication } from './serve/wait-for-serve-application.js';
import { type AllTasksOptions, allTasks, checkAllTasksOptions } from './state/all-tasks.js';
import { ACTORS, listById, listJobs, PLACEMENT_GROUPS, WORKERS } from './state/list-page.js';
import { listState } from './state/list-state.js';
import type {
  DashboardListJobsOptions,
  DashboardListNodesOptions,
  DashboardListTasksOptions,
  StatePageOptions,
} from './state/page-options.js';
import type { StateColumns } from './state/state-columns.js';
import { checkStateOptions, type StateListOptions } from './state/state-options.js';
import type { Actor, ObjectReference, PlacementGroup, Worker } from './state/state-rows.js';
import { validateRayId } from './validate-ray-id.js';

const DashboardClientBase: typeof BaseClient & Constructor<RayClient> =
  /* @__PURE__ */ RayClientMixin(BaseClient);

/**
 * The client of any Ray cluster, straight at its dashboard: nothing has to be installed there. It does all that
 * `RayClient` promises, and what only Ray itself can tell. Close it when done: `await client.close()`.
 *
 * @example
 * ```ts
 * import { DashboardClient } from '@raywire/dashboard';
 *
 * const client = new DashboardClient({ address: 'http://127.0.0.1:8265' }); // token: where Ray's own clients look
 * const run = client.runJob({ entrypoint: 'python train.py', workingDirectory: '.' });
 * for await (const line of run) console.log(line);
 * console.log((await run.result).status);
 * await client.close();
 * ```
 */
export class DashboardClient extends DashboardClientBase {
  /** As in `BaseClient`: a subclass or mixin that takes more options adds their names. */
  static override readonly optionNames: readonly string[] = [
    ...DashboardClientBase.optionNames,
    ...OWN_OPTIONS,
  ];

  readonly #backend: DashboardBackend;

  /**
   * @param options.transports replace a built-in one by its name, or are added before those of their wire
   * @throws {InvalidArgumentError} for a bad option, address or token, before anything is sent
   */
  constructor(options: DashboardClientOptions = {}) {
    // Taken apart at once, since terser moves `new.target` into functions that it inlines.
    const { optionNames } = new.target;
    const { given, backend } = checkClientOptions(options, optionNames);
    const { tls, ...rest } = given;
    const builtIn = [webSocketTransport({ tls }), httpTransport({ tls })];
    super({
      ...rest,
      baseURL: backend.endpoint.baseURL,
      headers: withRayJobHeaders(given.headers),
      backend,
      fallback: given.fallback ?? rangesThenWebSocketThenFiles(),
      transports: mergeTransports(builtIn, given.transports),
      // Not `fetch`: in Node it marks itself as a browser, and Ray then answers 405 to every write.
      requester: given.requester ?? (() => undiciRequester({ tls })),
    } as BaseClientOptions);
    this.#backend = backend;
  }

  /** Jobs; with `filters` or `detail`, what Ray's State API says. */
  override async listJobs(options?: DashboardListJobsOptions): Promise<Listing<Job>> {
    return listJobs(this, options);
  }

  /** Nodes, `alive` filled in. */
  override async listNodes(options?: DashboardListNodesOptions): Promise<Listing<Node>> {
    return listNodes(this, options);
  }

  /** Tasks, of the 10,000 that Ray looks at; `tasks` goes past that. */
  override async listTasks(options?: DashboardListTasksOptions): Promise<Listing<Task>> {
    return listTasks(this, options);
  }

  /** Actors, of the 10,000 that Ray looks at. */
  async listActors(options?: StatePageOptions<StateColumns['actors']>): Promise<Listing<Actor>> {
    return listById(this, ACTORS, options, 'listActors');
  }

  /** Worker processes, of the 10,000 that Ray looks at. */
  async listWorkers(options?: StatePageOptions<StateColumns['workers']>): Promise<Listing<Worker>> {
    return listById(this, WORKERS, options, 'listWorkers');
  }

  /** Placement groups, of the 10,000 that Ray looks at. */
  async listPlacementGroups(
    options?: StatePageOptions<StateColumns['placement_groups']>,
  ): Promise<Listing<PlacementGroup>> {
    return listById(this, PLACEMENT_GROUPS, options, 'listPlacementGroups');
  }

  /** References to objects, at most 10,000. They have no pages: nothing tells one row from another for sure. */
  async listObjects(options?: StateListOptions<StateColumns['objects']>): Promise<Listing<ObjectReference>> {
    return listState<ObjectReference>(this, 'objects', checkStateOptions(options, 'listObjects'));
  }

  /**
   * All tasks, one after another, past the 10,000 rows of one list: split by job, state and name where Ray cuts.
   *
   * @param options.onIncomplete told of what no split makes short enough; without it, that is an error
   * @throws {UnsupportedByServerError} without `onIncomplete`, when Ray cannot tell all of them
   */
  tasks(options?: AllTasksOptions): AsyncGenerator<Task, void, void> {
    return allTasks(this, checkAllTasksOptions(options));
  }

  /** Ray's version, commit and session. */
  async getVersion(options?: CallOptions): Promise<RayVersion> {
    return getVersion(this, checkCallOptions(options, 'getVersion'));
  }

  /** What all nodes say of their GPUs, summed. */
  override async getGpuStatus(options?: CallOptions): Promise<GpuStatus> {
    return (await super.getGpuStatus(options)) as GpuStatus;
  }

  /** The autoscaler's view of the cluster: nodes, usage, demand. */
  async getClusterStatus(options?: CallOptions): Promise<Record<string, unknown>> {
    return getClusterStatus(this, checkCallOptions(options, 'getClusterStatus'));
  }

  /** Tails what a task prints. @throws {InvalidArgumentError} at once, for a bad ID or option */
  tailTaskLogs(taskId: string, options?: ResourceTailOptions): LogTail {
    return this.#tailResource('task', taskId, (stream) => taskLog(taskId, stream), options);
  }

  /** Tails what an actor's process prints. @throws {InvalidArgumentError} at once, for a bad ID or option */
  tailActorLogs(actorId: string, options?: ResourceTailOptions): LogTail {
    return this.#tailResource('actor', actorId, (stream) => actorLog(actorId, stream), options);
  }

  /** Tails what a worker process prints. @throws {InvalidArgumentError} at once, for a bad ID or option */
  tailWorkerLogs(workerId: string, options?: ResourceTailOptions): LogTail {
    return this.#tailResource('worker', workerId, (stream) => workerLog(workerId, stream), options);
  }

  /** Tails what a Serve replica logs; what it prints is in `tailActorLogs` of its `actor_id`. */
  tailServeReplicaLogs(replica: ServeReplica, options?: TailOptions): LogTail {
    return this.#tailResource('replica', replicaName(replica), () => replicaLog(replica), options);
  }

  /**
   * Makes the declarative Serve applications those of `config`; the ones that are not in it are deleted, as Ray has it.
   *
   * @throws {ValidationError} when Ray refuses it
   */
  async deployServeApplications(config: ServeConfig, options?: CallOptions): Promise<void> {
    await putServeConfig(this, config, checkCallOptions(options, 'deployServeApplications'));
  }

  /**
   * Resolves once a Serve application runs, has failed to deploy or is unhealthy: its `status` tells which.
   *
   * @throws {NotFoundError} when there is none
   * @throws {ClientTimeoutError} after `giveUpAfterMs`
   */
  async waitForServeApplication(name: string, options?: WaitForServeOptions): Promise<ServeApplication> {
    validateRayId('serve application', name);
    return waitForServeApplication(this, name, options);
  }

  #tailResource(
    kind: string,
    id: string,
    lookFor: (stream: LogStream) => ResourceLook,
    options: ResourceTailOptions | undefined,
  ): LogTail {
    const sourcesOf: DashboardBackend['fileSources'] = (find) => this.#backend.fileSources(find);
    return this.tailLog(...resourceTail({ kind, id, lookFor }, options, { api: this, sourcesOf }));
  }
}
