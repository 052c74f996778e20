import { type ApiClient, type CallOptions, UnsupportedByServerError } from '@raywire/core';
import { clientClosed, EXPLAIN, optionNames, readOptions, redactMethods } from '@raywire/core/internal';
import { StreamLimits, type StreamLimitsInit } from '@raywire/network';
import { checkCallOptions } from './call-options.js';
import { webSocketThenHttp } from './fallback-strategy.js';
import type { JobRun } from './job-run.js';
import { readLastLines } from './last-lines.js';
import {
  LIST_JOBS_OPTIONS,
  LIST_NODES_OPTIONS,
  LIST_SERVE_APPLICATIONS_OPTIONS,
  LIST_TASKS_OPTIONS,
} from './lists/list-options.js';
import type {
  ListJobsOptions,
  ListNodesOptions,
  ListServeApplicationsOptions,
  ListTasksOptions,
} from './lists/list-queries.js';
import type { RayBackend, RayOperations, ResourceKind } from './ray-backend.js';
import type { FixedTailOptions, JobLogsOptions, RayClient, RunJobOptions, TailedLog } from './ray-client.js';
import { JOB_LOGS_OPTIONS, RAY_CLIENT_OPTIONS } from './ray-client-options.js';
import type { SubmitJobOptions } from './resources/job-submission.js';
import { runJob } from './run-job.js';
import { ServerLook } from './server-look.js';
import { jobStateOf } from './source/job-state.js';
import { type ConnectionHooks, toldTransport } from './source/told-transport.js';
import { explainUndeleted, STOP_OPTIONS, type StopJobOptions, stopJob } from './stop-job.js';
import { LogTail } from './tail/log-tail.js';
import {
  checkFixedTailOptions,
  checkHeartbeat,
  checkReconnect,
  checkTailOptions,
  type TailOptions,
} from './tail/tail-options.js';
import type { LogReading } from './tail/tail-target.js';
import { WAIT_OPTIONS, type WaitForJobOptions, waitForJob } from './wait-for-job.js';

/** A constructor, as mixins need it. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript's rule for mixins asks for exactly `any[]`.
export type Constructor<T> = new (...args: any[]) => T;

/** What the mixin needs of its base: authenticated calls, and perhaps the names of the options it takes. */
export type RayClientBase = Constructor<ApiClient> & { readonly optionNames?: readonly string[] };

/**
 * Adds the methods of `RayClient` to a class that can make authenticated calls (`ApiClient`), such as `BaseClient`.
 *
 * The constructor takes the options of `RayClientOptions` besides those of its base; its type is the base's, so a class
 * that is to name them says so.
 *
 * @example
 * ```ts
 * import { BaseClient, type BaseClientOptions } from '@raywire/core';
 * import { agentBackend, RayClientMixin, type RayClientOptions } from '@raywire/ray';
 * import { httpTransport } from '@raywire/transport-http';
 *
 * class MyClient extends RayClientMixin(BaseClient) {
 *   constructor(options: Omit<BaseClientOptions, 'baseURL'> & RayClientOptions) {
 *     super({ ...options, baseURL: options.backend.endpoint.baseURL });
 *   }
 * }
 * const backend = agentBackend({ baseURL: 'http://127.0.0.1:8899' });
 * const client = new MyClient({ backend, transports: [httpTransport()] });
 * ```
 */
export function RayClientMixin<Base extends RayClientBase>(Base: Base): Base & Constructor<RayClient> {
  class RayClientOf extends Base implements RayClient {
    /** What this class adds to the options that its base takes. */
    static override readonly optionNames: readonly string[] = [
      ...(Base.optionNames ?? []),
      ...optionNames(RAY_CLIENT_OPTIONS),
    ];

    readonly #backend: RayBackend;
    readonly #reading: LogReading;
    readonly #look: ServerLook;
    readonly #closed = new AbortController();
    #streamLimits: StreamLimits;

    // biome-ignore lint/suspicious/noExplicitAny: as above.
    constructor(...args: any[]) {
      // Taken apart at once, since terser moves `new.target` into functions that it inlines.
      const { name, optionNames: known, prototype } = new.target;
      // What a base without names takes, it checks itself.
      const others = Base.optionNames === undefined ? Object.keys(args[0] ?? {}) : known;
      const options = readOptions(RAY_CLIENT_OPTIONS, args[0], `new ${name}`, others);
      const { backend } = options;
      const { secrets = [], ...endpoint } = backend.endpoint;
      super({ ...args[0], ...endpoint }, ...args.slice(1));
      redactMethods(prototype);
      for (const secret of secrets) this.redactor.add(secret);
      const { transports = [], fallback: strategy = webSocketThenHttp() } = options;
      const reconnect = checkReconnect(options.reconnect);
      const heartbeat = checkHeartbeat(options.heartbeat);
      const { signal: closed } = this.#closed;
      this.#backend = backend;
      this.#look = new ServerLook(backend.look);
      this.#streamLimits = StreamLimits.from(options.streamLimits);
      const explain = (error: unknown) => this[EXPLAIN](error);
      // Those of a base that names its options are checked.
      const hooks: ConnectionHooks = Base.optionNames?.includes('onRequest') ? args[0] : {};
      const told = transports.map((transport) => toldTransport(transport, hooks, this.redactor));
      this.#reading = { transports: told, strategy, api: this, reconnect, heartbeat, closed, explain };
    }

    get streamLimits(): StreamLimits {
      return this.#streamLimits;
    }

    set streamLimits(limits: StreamLimits | StreamLimitsInit) {
      this.#streamLimits = StreamLimits.from(limits);
    }

    tailLog({ id, sources, state, method = 'tailLog' }: TailedLog, options?: TailOptions): LogTail {
      const checked = checkTailOptions(options, id, this.#streamLimits, method);
      const { timeoutMs } = checked;
      return new LogTail(
        { ...this.#reading, jobId: id, sources, state: (signal) => state({ signal, timeoutMs }) },
        checked,
      );
    }

    tailJobLogs(jobId: string, options?: TailOptions): LogTail {
      this.#checkId('job', jobId);
      const state = async (call: CallOptions) =>
        jobStateOf(await this.#operation('getJob')(this, jobId, call));
      return this.tailLog(
        { id: jobId, sources: this.#backend.logSources, state, method: 'tailJobLogs' },
        options,
      );
    }

    websocketTailJobLogs(jobId: string, options?: FixedTailOptions): LogTail {
      return this.tailJobLogs(jobId, checkFixedTailOptions(options, 'websocket', 'websocketTailJobLogs'));
    }

    streamTailJobLogs(jobId: string, options?: FixedTailOptions): LogTail {
      return this.tailJobLogs(jobId, checkFixedTailOptions(options, 'http', 'streamTailJobLogs'));
    }

    runJob(options: RunJobOptions): JobRun {
      return runJob(this, this.#operation('prepareSubmission'), options);
    }

    async submitJob(options: SubmitJobOptions) {
      return this.#operation('prepareSubmission')(options, 'submitJob')(this);
    }

    async waitForJob(jobId: string, options?: WaitForJobOptions) {
      this.#checkId('job', jobId);
      const checked = readOptions(WAIT_OPTIONS, options, 'waitForJob');
      const getJob = (call: CallOptions) => this.#operation('getJob')(this, jobId, call);
      const tail = (last: TailOptions) => this.tailJobLogs(jobId, last);
      return waitForJob(getJob, jobId, checked, () => readLastLines(tail, checked.signal));
    }

    async getJobLogs(jobId: string, options?: JobLogsOptions) {
      this.#checkId('job', jobId);
      const { streamLimits = this.#streamLimits, ...call } = readOptions(
        JOB_LOGS_OPTIONS,
        options,
        'getJobLogs',
      );
      return this.#operation('getJobLogs')(this, jobId, StreamLimits.from(streamLimits), call);
    }

    async listJobs(options?: ListJobsOptions) {
      return this.#operation('listJobs')(this, readOptions(LIST_JOBS_OPTIONS, options, 'listJobs'));
    }

    async getJob(jobId: string, options?: CallOptions) {
      this.#checkId('job', jobId);
      return this.#operation('getJob')(this, jobId, checkCallOptions(options, 'getJob'));
    }

    async stopJob(jobId: string, options?: StopJobOptions) {
      this.#checkId('job', jobId);
      const checked = readOptions(STOP_OPTIONS, options, 'stopJob');
      const stop = (call: CallOptions) => this.#operation('stopJob')(this, jobId, call);
      const get = (call: CallOptions) => this.#operation('getJob')(this, jobId, call);
      return stopJob({ stop, get }, jobId, checked);
    }

    async deleteJob(jobId: string, options?: CallOptions) {
      this.#checkId('job', jobId);
      const call = checkCallOptions(options, 'deleteJob');
      return this.#operation('deleteJob')(this, jobId, call).catch(explainUndeleted);
    }

    async listNodes(options?: ListNodesOptions) {
      return this.#operation('listNodes')(this, readOptions(LIST_NODES_OPTIONS, options, 'listNodes'));
    }

    async getNode(nodeId: string, options?: CallOptions) {
      this.#checkId('node', nodeId);
      return this.#operation('getNode')(this, nodeId, checkCallOptions(options, 'getNode'));
    }

    async listTasks(options?: ListTasksOptions) {
      return this.#operation('listTasks')(this, readOptions(LIST_TASKS_OPTIONS, options, 'listTasks'));
    }

    async getTask(taskId: string, options?: CallOptions) {
      this.#checkId('task', taskId);
      return this.#operation('getTask')(this, taskId, checkCallOptions(options, 'getTask'));
    }

    async listServeApplications(options?: ListServeApplicationsOptions) {
      return this.#operation('listServeApplications')(
        this,
        readOptions(LIST_SERVE_APPLICATIONS_OPTIONS, options, 'listServeApplications'),
      );
    }

    async getServeApplication(name: string, options?: CallOptions) {
      this.#checkId('serve application', name);
      return this.#operation('getServeApplication')(
        this,
        name,
        checkCallOptions(options, 'getServeApplication'),
      );
    }

    async deleteServeApplication(name: string, options?: CallOptions) {
      this.#checkId('serve application', name);
      return this.#operation('deleteServeApplication')(
        this,
        name,
        checkCallOptions(options, 'deleteServeApplication'),
      );
    }

    async healthCheck(options?: CallOptions) {
      return this.#operation('healthCheck')(this, checkCallOptions(options, 'healthCheck'));
    }

    async getGpuStatus(options?: CallOptions) {
      return this.#operation('getGpuStatus')(this, checkCallOptions(options, 'getGpuStatus'));
    }

    /** Ends every tail and call of this client, and frees its sockets. */
    override async close(): Promise<void> {
      this.#closed.abort(clientClosed());
      await super.close();
      for (const transport of this.#reading.transports) await transport.close?.();
    }

    async [Symbol.asyncDispose](): Promise<void> {
      await this.close();
    }

    [EXPLAIN](error: unknown): Promise<unknown> {
      return this.#look.explain(this, error);
    }

    #operation<Name extends keyof RayOperations>(name: Name): RayOperations[Name] {
      const { operations }: { operations: Partial<RayOperations> } = this.#backend;
      const operation = operations[name];
      if (operation !== undefined) return operation;
      throw new UnsupportedByServerError({
        message: `The backend ${JSON.stringify(this.#backend.name)} has no ${name}.`,
      });
    }

    #checkId(kind: ResourceKind, id: unknown): void {
      const { operations }: RayBackend = this.#backend;
      operations.validateId?.(kind, id);
    }
  }
  return RayClientOf;
}
