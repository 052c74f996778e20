import { type ApiClient, type CallOptions, ClientError } from '@raywire/core';
import { optionNames, readOptions } from '@raywire/core/internal';
import { StreamLimits, type StreamLimitsInit } from '@raywire/network';
import { AGENT_OPTIONS, type AgentBackendOptions, agentBackend } from './agent/agent-backend.js';
import { checkCallOptions } from './call-options.js';
import { webSocketThenHttp } from './fallback-strategy.js';
import { JobRun } from './job-run.js';
import { jobStateOf } from './job-state.js';
import { readLastLines } from './last-lines.js';
import type { RayBackend, RayOperations, ResourceKind } from './ray-backend.js';
import type { FixedTailOptions, JobLogsOptions, RayClient, RunJobOptions } from './ray-client.js';
import { JOB_LOGS_OPTIONS, RAY_CLIENT_OPTIONS, RUN_OPTIONS } from './ray-client-options.js';
import { jobSubmissionBody, SUBMIT_OPTIONS, type SubmitJobOptions } from './resources/job-submission.js';
import { LogTail } from './tail/log-tail.js';
import { routesFor } from './tail/routes.js';
import {
  checkFixedTailOptions,
  checkHeartbeat,
  checkReconnect,
  checkTailOptions,
  type TailOptions,
} from './tail/tail-options.js';
import type { TailTarget } from './tail/tail-target.js';
import { WAIT_OPTIONS, type WaitForJobOptions, waitForJob } from './wait-for-job.js';

/** A constructor, as mixins need it. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript's rule for mixins asks for exactly `any[]`.
export type Constructor<T> = new (...args: any[]) => T;

/** What the mixin needs of its base: authenticated calls, and perhaps the names of the options it takes. */
export type RayClientBase = Constructor<ApiClient> & { readonly optionNames?: readonly string[] };

/**
 * Adds the methods of `RayClient` to a class that can make authenticated calls (`ApiClient`), such as `BaseClient`.
 *
 * The constructor takes the options of `RayClientOptions` and `AgentBackendOptions` besides those of its base; its type
 * is the base's, so a class that is to name them says so.
 *
 * @example
 * ```ts
 * import { BaseClient, type BaseClientOptions } from '@raywire/core';
 * import { RayClientMixin, type RayClientOptions } from '@raywire/ray';
 * import { httpTransport } from '@raywire/transport-http';
 *
 * class MyClient extends RayClientMixin(BaseClient) {
 *   constructor(options: BaseClientOptions & RayClientOptions) {
 *     super(options);
 *   }
 * }
 * const client = new MyClient({ baseURL: 'http://127.0.0.1:8899', transports: [httpTransport()] });
 * ```
 */
export function RayClientMixin<Base extends RayClientBase>(Base: Base): Base & Constructor<RayClient> {
  class RayClientOf extends Base implements RayClient {
    /** What this class adds to the options that its base takes. */
    static override readonly optionNames: readonly string[] = [
      ...(Base.optionNames ?? []),
      ...optionNames(RAY_CLIENT_OPTIONS),
      ...optionNames(AGENT_OPTIONS),
    ];

    readonly #backend: RayBackend;
    readonly #target: Omit<TailTarget, 'jobId' | 'state'>;
    readonly #closed = new AbortController();
    #streamLimits: StreamLimits;

    // biome-ignore lint/suspicious/noExplicitAny: as above.
    constructor(...args: any[]) {
      // Taken apart at once, since terser moves `new.target` into functions that it inlines.
      const { name, optionNames: known } = new.target;
      // What a base without names takes, it checks itself.
      const others = Base.optionNames === undefined ? Object.keys(args[0] ?? {}) : known;
      const options = readOptions(RAY_CLIENT_OPTIONS, args[0], `new ${name}`, others);
      const { backend = agentBackend(agentOptions(args[0] ?? {})) } = options;
      super({ ...args[0], ...backend.endpoint }, ...args.slice(1));
      const { transports = [], fallback: strategy = webSocketThenHttp() } = options;
      const reconnect = checkReconnect(options.reconnect);
      const heartbeat = checkHeartbeat(options.heartbeat);
      this.#backend = backend;
      this.#streamLimits = StreamLimits.from(options.streamLimits);
      this.#target = { sources: backend.logSources, transports, strategy, api: this, reconnect, heartbeat };
    }

    get streamLimits(): StreamLimits {
      return this.#streamLimits;
    }

    set streamLimits(limits: StreamLimits | StreamLimitsInit) {
      this.#streamLimits = StreamLimits.from(limits);
    }

    tailJobLogs(jobId: string, options?: TailOptions): LogTail {
      this.#checkId('job', jobId);
      const checked = checkTailOptions(options, jobId, this.#streamLimits, 'tailJobLogs');
      const signals = [this.#closed.signal, ...(checked.signal === undefined ? [] : [checked.signal])];
      const state: TailTarget['state'] = async (signal) =>
        jobStateOf(await this.#operations.getJob(this, jobId, { signal, timeoutMs: checked.timeoutMs }));
      return new LogTail({ ...this.#target, jobId, state }, { ...checked, signal: AbortSignal.any(signals) });
    }

    websocketTailJobLogs(jobId: string, options?: FixedTailOptions): LogTail {
      return this.tailJobLogs(jobId, checkFixedTailOptions(options, 'websocket', 'websocketTailJobLogs'));
    }

    streamTailJobLogs(jobId: string, options?: FixedTailOptions): LogTail {
      return this.tailJobLogs(jobId, checkFixedTailOptions(options, 'http', 'streamTailJobLogs'));
    }

    runJob(options: RunJobOptions): JobRun {
      // A bad option must not be found only when the job runs already.
      const { tail, throwOnFailure, ...submission } = readOptions(RUN_OPTIONS, options, 'runJob');
      const { signal, submissionId = '' } = submission;
      const { protocol } = checkTailOptions(tail, submissionId, this.#streamLimits, 'runJob: tail');
      routesFor(this.#target, protocol);
      return new JobRun({
        submit: () => this.submitJob(submission),
        tail: (jobId) => this.tailJobLogs(jobId, { ...(signal && { signal }), ...tail }),
        wait: (jobId) => this.waitForJob(jobId, { ...(signal && { signal }), throwOnFailure }),
        throwOnFailure,
      });
    }

    async submitJob(options: SubmitJobOptions) {
      const checked = readOptions(SUBMIT_OPTIONS, options, 'submitJob');
      const { signal, headers, timeoutMs, maxRetries } = checked;
      if (checked.submissionId !== undefined) this.#checkId('job', checked.submissionId);
      const idempotent = checked.submissionId === undefined;
      const call = { signal, headers, timeoutMs, maxRetries, idempotent };
      return this.#operations.submitJob(this, jobSubmissionBody(checked), call);
    }

    async waitForJob(jobId: string, options?: WaitForJobOptions) {
      this.#checkId('job', jobId);
      const checked = readOptions(WAIT_OPTIONS, options, 'waitForJob');
      const getJob = (call: CallOptions) => this.#operations.getJob(this, jobId, call);
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
      return this.#operations.getJobLogs(this, jobId, StreamLimits.from(streamLimits), call);
    }

    async listJobs(options?: CallOptions) {
      return this.#operations.listJobs(this, checkCallOptions(options, 'listJobs'));
    }

    async getJob(jobId: string, options?: CallOptions) {
      this.#checkId('job', jobId);
      return this.#operations.getJob(this, jobId, checkCallOptions(options, 'getJob'));
    }

    async stopJob(jobId: string, options?: CallOptions) {
      this.#checkId('job', jobId);
      return this.#operations.stopJob(this, jobId, checkCallOptions(options, 'stopJob'));
    }

    async deleteJob(jobId: string, options?: CallOptions) {
      this.#checkId('job', jobId);
      return this.#operations.deleteJob(this, jobId, checkCallOptions(options, 'deleteJob'));
    }

    async listNodes(options?: CallOptions) {
      return this.#operations.listNodes(this, checkCallOptions(options, 'listNodes'));
    }

    async getNode(nodeId: string, options?: CallOptions) {
      this.#checkId('node', nodeId);
      return this.#operations.getNode(this, nodeId, checkCallOptions(options, 'getNode'));
    }

    async listTasks(options?: CallOptions) {
      return this.#operations.listTasks(this, checkCallOptions(options, 'listTasks'));
    }

    async getTask(taskId: string, options?: CallOptions) {
      this.#checkId('task', taskId);
      return this.#operations.getTask(this, taskId, checkCallOptions(options, 'getTask'));
    }

    async listServeApplications(options?: CallOptions) {
      return this.#operations.listServeApplications(this, checkCallOptions(options, 'listServeApplications'));
    }

    async getServeApplication(name: string, options?: CallOptions) {
      this.#checkId('serve application', name);
      return this.#operations.getServeApplication(
        this,
        name,
        checkCallOptions(options, 'getServeApplication'),
      );
    }

    async deleteServeApplication(name: string, options?: CallOptions) {
      this.#checkId('serve application', name);
      return this.#operations.deleteServeApplication(
        this,
        name,
        checkCallOptions(options, 'deleteServeApplication'),
      );
    }

    async healthCheck(options?: CallOptions) {
      return this.#operations.healthCheck(this, checkCallOptions(options, 'healthCheck'));
    }

    async getGpuStatus(options?: CallOptions) {
      return this.#operations.getGpuStatus(this, checkCallOptions(options, 'getGpuStatus'));
    }

    /** Ends every tail and call of this client, and frees its sockets. */
    override async close(): Promise<void> {
      this.#closed.abort(
        new ClientError({ code: 'CLIENT_CLOSED', statusCode: 503, message: 'The client was closed.' }),
      );
      await super.close();
      for (const transport of this.#target.transports) await transport.close?.();
    }

    get #operations(): RayOperations {
      return this.#backend.operations;
    }

    #checkId(kind: ResourceKind, id: unknown): void {
      const operations: RayOperations = this.#backend.operations;
      operations.validateId(kind, id);
    }
  }
  return RayClientOf;
}

function agentOptions({ baseURL, agentToken, userToken, tenant }: AgentBackendOptions): AgentBackendOptions {
  return { baseURL, agentToken, userToken, tenant };
}
