import type { BaseClient } from '@raywire/core';
import { dashboardBackend } from '@raywire/dashboard';
import { createRayClient, type Job, type RayOperations } from '@raywire/ray';
import { jobStateOf, makeSubmissionId } from '@raywire/ray/internal';
import { httpTransport, undiciRequester } from '@raywire/transport-http';
import type { ClusterState, JobDetails, JobDriver, JobSubmission } from '../job-driver.js';
import type { JobLog } from '../job-log.js';
import { ByteStreams } from './byte-stream.js';
import { FollowedLog } from './followed-log.js';
import { RayClusterState } from './ray-cluster-state.js';
import { checkRayDriverOptions, type RayDriverOptions } from './ray-driver-options.js';
import { Spool } from './spool.js';

/**
 * Serves a real Ray cluster through its dashboard. Each log is followed once, however many watch it. The cluster's
 * token stays here: it is another one than the gateway's, and neither is ever sent for the other.
 *
 * @throws {InvalidArgumentError} for an unknown option, a bad address, token or `tls`
 */
export function rayDriver(options: RayDriverOptions = {}): JobDriver {
  return new RayDriver(checkRayDriverOptions(options));
}

/** A log that is followed, and how many have it open. */
interface SharedLog {
  readonly log: Promise<FollowedLog>;
  /** Once it is made. */
  made: FollowedLog | undefined;
  viewers: number;
  linger: NodeJS.Timeout | undefined;
}

class RayDriver implements JobDriver {
  readonly contractVersion = 1;
  readonly name = 'ray';
  readonly cluster: ClusterState;
  readonly #options: RayDriverOptions;
  readonly #client: BaseClient;
  readonly #operations: RayOperations;
  readonly #streams: ByteStreams;
  readonly #logs = new Map<string, SharedLog>();

  constructor(options: RayDriverOptions) {
    const { address, token, tokenHeader, nodeAgents, tls } = options;
    const backend = dashboardBackend({ address, token, tokenHeader, nodeAgents });
    const transport = httpTransport({ tls });
    this.#options = options;
    this.#client = createRayClient({
      backend,
      transports: [transport],
      requester: () => undiciRequester({ tls }),
    });
    this.#operations = backend.operations;
    this.cluster = new RayClusterState(this.#client, backend.operations);
    this.#streams = new ByteStreams({
      api: this.#client,
      transport,
      // Ray's WebSocket is not byte-exact: it turns `\r` into `\n`.
      sources: backend.logSources.filter(({ wire, kind }) => wire === 'http' && kind === 'live'),
      state: async (jobId, signal) =>
        jobStateOf(await this.#operations.getJob(this.#client, jobId, { signal })),
    });
  }

  async submit(submission: JobSubmission): Promise<{ job_id: string; submission_id: string }> {
    const submission_id = submission.submission_id ?? makeSubmissionId();
    const idempotent = submission.submission_id === undefined;
    await this.#operations.submitJob(this.#client, { ...submission, submission_id }, { idempotent });
    return { job_id: submission_id, submission_id };
  }

  async list(): Promise<JobDetails[]> {
    return Array.from(await this.#operations.listJobs(this.#client, {}), withJobId);
  }

  async get(jobId: string): Promise<JobDetails> {
    return withJobId(await this.#operations.getJob(this.#client, jobId, {}));
  }

  async stop(jobId: string): Promise<boolean> {
    return (await this.#operations.stopJob(this.#client, jobId, {})).stopped === true;
  }

  async delete(jobId: string): Promise<void> {
    await this.#operations.deleteJob(this.#client, jobId, {});
    await this.#forget(jobId);
  }

  async openLog(jobId: string, fromByte: number): Promise<JobLog> {
    // An unknown job is told at once, not by its log.
    const job = await this.#operations.getJob(this.#client, jobId, {});
    // What has not begun has no byte to go on at: whoever asks for one must not spoil it for the others.
    const start = job.driver_node_id ? fromByte : 0;
    const { identity } = jobStateOf(job);
    const known = this.#logs.get(jobId);
    // What failed for those before (a full disk, a cluster that was away) is tried anew for those who come now; and
    // where the ID has become another job's, they come for that one's log.
    const isOver = known?.made !== undefined && (known.made.failed || !known.made.isOf(identity));
    if (isOver && known.viewers === 0) this.#drop(jobId, known);
    const shared = known === undefined || isOver ? this.#share(jobId, start) : known;
    clearTimeout(shared.linger);
    shared.viewers++;
    const log = await shared.log;
    return leased(log, () => this.#leave(jobId, shared));
  }

  async close(): Promise<void> {
    for (const jobId of [...this.#logs.keys()]) await this.#forget(jobId);
    await this.#client.close();
  }

  #share(jobId: string, start: number): SharedLog {
    const { spoolDirectory, maxSpoolBytes = 1024 ** 3, giveUpAfterMs = 600_000 } = this.#options;
    const spool = Spool.create({
      ...(spoolDirectory !== undefined && { parent: spoolDirectory }),
      start,
      maxBytes: maxSpoolBytes,
    });
    const log = spool.then(
      (made) => new FollowedLog({ jobId, streams: this.#streams, spool: made, giveUpAfterMs }),
    );
    const shared: SharedLog = { log, made: undefined, viewers: 0, linger: undefined };
    this.#logs.set(jobId, shared);
    log.then(
      (made) => {
        shared.made = made;
      },
      () => this.#logs.delete(jobId),
    );
    return shared;
  }

  #leave(jobId: string, shared: SharedLog): void {
    shared.viewers--;
    if (shared.viewers > 0) return;
    if (shared.made?.failed) this.#drop(jobId, shared);
    else shared.linger = setTimeout(() => this.#drop(jobId, shared), this.#options.lingerMs ?? 10_000);
  }

  #drop(jobId: string, shared: SharedLog): void {
    clearTimeout(shared.linger);
    if (this.#logs.get(jobId) === shared) this.#logs.delete(jobId);
    void shared.log.then((log) => log.close());
  }

  async #forget(jobId: string): Promise<void> {
    const shared = this.#logs.get(jobId);
    this.#logs.delete(jobId);
    clearTimeout(shared?.linger);
    await (await shared?.log)?.close();
  }
}

/** Ray leaves `job_id` empty until the driver connects. */
function withJobId(job: Job): JobDetails {
  return { ...job, job_id: job.submission_id ?? job.job_id } as JobDetails;
}

/** One viewer's hold on a shared log. */
function leased(log: JobLog, release: () => void): JobLog {
  let open = true;
  return {
    get size() {
      return log.size;
    },
    get end() {
      return log.end;
    },
    ...(log.ready !== undefined && { ready: log.ready }),
    read: (position, maxBytes) => log.read(position, maxBytes),
    watch: (listener) => log.watch(listener),
    async close() {
      if (open) release();
      open = false;
    },
  };
}
