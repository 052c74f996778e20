import { BaseClient, type BaseClientOptions, type CallOptions, ClientError } from '@raywire/core';
import { readOptions } from '@raywire/core/internal';
import {
  type Constructor,
  type Job,
  JobRun,
  type Listing,
  type LogTail,
  mergeTransports,
  type Node,
  type RayClient,
  RayClientMixin,
  type ServeApplication,
  type SubmittedJob,
  type TailOptions,
  type Task,
} from '@raywire/ray';
import { checkCallOptions } from '@raywire/ray/internal';
import { httpTransport, undiciRequester } from '@raywire/transport-http';
import { webSocketTransport } from '@raywire/transport-ws';
import { type GpuStatus, getClusterStatus, getVersion, type RayVersion } from './cluster-status.js';
import { rangesThenWebSocketThenFiles } from './dashboard-backend.js';
import { checkClientOptions, type DashboardClientOptions, OWN_OPTIONS } from './dashboard-client-options.js';
import { listNodes } from './dashboard-operations.js';
import { listAllJobs } from './job-operations.js';
import {
  actorLog,
  replicaLog,
  replicaName,
  type ServeReplica,
  taskLog,
  workerLog,
} from './logs/resource-logs.js';
import { type LogReading, type ResourceTailOptions, tailResource } from './logs/tail-resource.js';
import { withRayJobHeaders } from './ray-job-headers.js';
import { putServeConfig, type ServeConfig } from './serve/serve-applications.js';
import { type WaitForServeOptions, waitForServeApplication } from './serve/wait-for-serve-application.js';
import { type AllTasksOptions, allTasks, checkAllTasksOptions } from './state/all-tasks.js';
import { listState } from './state/list-state.js';
import { checkStateOptions, type StateListOptions } from './state/state-options.js';
import type { Actor, ObjectReference, PlacementGroup, Worker } from './state/state-rows.js';
import {
  DASHBOARD_RUN_OPTIONS,
  DASHBOARD_SUBMIT_OPTIONS,
  type DashboardRunOptions,
  type DashboardSubmitOptions,
  splitWorkingDirectory,
} from './submit-options.js';
import { validateRayId } from './validate-ray-id.js';
import { uploadWorkingDirectory } from './working-directory/upload-working-directory.js';

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

  readonly #closed = new AbortController();
  readonly #reading: LogReading;

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
    const transports = mergeTransports(builtIn, given.transports);
    const strategy = given.fallback ?? rangesThenWebSocketThenFiles();
    super({
      ...rest,
      baseURL: backend.endpoint.baseURL,
      headers: withRayJobHeaders(given.headers),
      backend,
      fallback: strategy,
      transports,
      // Not `fetch`: in Node it marks itself as a browser, and Ray then answers 405 to every write.
      requester: given.requester ?? (() => undiciRequester({ tls })),
    } as BaseClientOptions);
    const { reconnect, heartbeat } = given;
    this.#reading = {
      nodeAgents: options.nodeAgents,
      transports,
      strategy,
      reconnect,
      heartbeat,
      closed: this.#closed.signal,
    };
  }

  /** All jobs; with a filter or limit, what Ray's State API says. */
  override async listJobs(options?: StateListOptions): Promise<Listing<Job>> {
    const checked = checkStateOptions(options, 'listJobs');
    const isPlain = options?.filters === undefined && options?.limit === undefined && !checked.detail;
    return isPlain ? listAllJobs(this, checked.call) : listState<Job>(this, 'jobs', checked);
  }

  /** Nodes, `alive` filled in. */
  override async listNodes(options?: StateListOptions): Promise<Listing<Node>> {
    return listNodes(this, options);
  }

  /** Tasks, at most 10,000; `tasks` goes past that. */
  override async listTasks(options?: StateListOptions): Promise<Listing<Task>> {
    return listState<Task>(this, 'tasks', checkStateOptions(options, 'listTasks'));
  }

  /** Actors, at most 10,000. */
  async listActors(options?: StateListOptions): Promise<Listing<Actor>> {
    return listState<Actor>(this, 'actors', checkStateOptions(options, 'listActors'));
  }

  /** Worker processes, at most 10,000. */
  async listWorkers(options?: StateListOptions): Promise<Listing<Worker>> {
    return listState<Worker>(this, 'workers', checkStateOptions(options, 'listWorkers'));
  }

  /** Placement groups, at most 10,000. */
  async listPlacementGroups(options?: StateListOptions): Promise<Listing<PlacementGroup>> {
    return listState<PlacementGroup>(
      this,
      'placement_groups',
      checkStateOptions(options, 'listPlacementGroups'),
    );
  }

  /** References to objects, at most 10,000. */
  async listObjects(options?: StateListOptions): Promise<Listing<ObjectReference>> {
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

  /**
   * Submits a job, after packing and uploading its `workingDirectory` where one is given; `timeoutMs` bounds each of the
   * requests that this takes.
   *
   * @throws {ConflictError} when the ID is taken
   * @throws {InvalidArgumentError} when the folder is none, or its package is larger than Ray takes
   */
  override async submitJob(options: DashboardSubmitOptions): Promise<SubmittedJob> {
    const checked = readOptions(DASHBOARD_SUBMIT_OPTIONS, options, 'submitJob');
    const { submission, directory } = splitWorkingDirectory(checked, 'submitJob');
    if (directory === undefined) return super.submitJob(submission);
    const { signal, headers, timeoutMs, maxRetries } = submission;
    const uploaded = await uploadWorkingDirectory(this, directory, {
      signal,
      headers,
      timeoutMs,
      maxRetries,
    });
    return super.submitJob({
      ...submission,
      runtimeEnv: { ...submission.runtimeEnv, working_dir: uploaded },
    });
  }

  /**
   * Submits a job, and gives its log to iterate and its `result`.
   *
   * @throws {InvalidArgumentError} at once, for a bad option
   */
  override runJob(options: DashboardRunOptions): JobRun {
    // A bad option must not be found only when the job runs already.
    const checked = readOptions(DASHBOARD_RUN_OPTIONS, options, 'runJob');
    const { tail, throwOnFailure, ...submission } = checked;
    splitWorkingDirectory(submission, 'runJob');
    const { signal } = submission;
    void this.tailJobLogs(submission.submissionId ?? 'any', tail).close();
    return new JobRun({
      submit: () => this.submitJob(submission),
      tail: (jobId) => this.tailJobLogs(jobId, { ...(signal && { signal }), ...tail }),
      wait: (jobId) => this.waitForJob(jobId, { ...(signal && { signal }), throwOnFailure }),
      throwOnFailure,
    });
  }

  /** Tails what a task prints. @throws {InvalidArgumentError} at once, for a bad ID or option */
  tailTaskLogs(taskId: string, options?: ResourceTailOptions): LogTail {
    return tailResource(
      this,
      { kind: 'task', id: taskId, where: 'tailTaskLogs', open: (stream) => taskLog(this, taskId, stream) },
      this.#reading,
      options,
    );
  }

  /** Tails what an actor's process prints. @throws {InvalidArgumentError} at once, for a bad ID or option */
  tailActorLogs(actorId: string, options?: ResourceTailOptions): LogTail {
    return tailResource(
      this,
      {
        kind: 'actor',
        id: actorId,
        where: 'tailActorLogs',
        open: (stream) => actorLog(this, actorId, stream),
      },
      this.#reading,
      options,
    );
  }

  /** Tails what a worker process prints. @throws {InvalidArgumentError} at once, for a bad ID or option */
  tailWorkerLogs(workerId: string, options?: ResourceTailOptions): LogTail {
    return tailResource(
      this,
      {
        kind: 'worker',
        id: workerId,
        where: 'tailWorkerLogs',
        open: (stream) => workerLog(this, workerId, stream),
      },
      this.#reading,
      options,
    );
  }

  /** Tails what a Serve replica logs; what it prints is in `tailActorLogs` of its `actor_id`. */
  tailServeReplicaLogs(replica: ServeReplica, options?: TailOptions): LogTail {
    const id = replicaName(replica);
    return tailResource(
      this,
      { kind: 'replica', id, where: 'tailServeReplicaLogs', open: () => replicaLog(this, replica) },
      this.#reading,
      options,
    );
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

  /** Ends every tail and call of this client, and frees its sockets. */
  override async close(): Promise<void> {
    this.#closed.abort(
      new ClientError({ code: 'CLIENT_CLOSED', statusCode: 503, message: 'The client was closed.' }),
    );
    await super.close();
  }
}
