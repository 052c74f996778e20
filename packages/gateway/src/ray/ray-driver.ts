import { tmpdir } from 'node:os';
import { type BaseClient, InvalidArgumentError } from '@raywire/core';
import { dashboardBackend } from '@raywire/dashboard';
import { localFields } from '@raywire/dashboard/internal';
import {
  createRayClient,
  type Job,
  type JobQuery,
  type JobState,
  type Listing,
  pageRows,
  type RayOperations,
  type SubmitJobOptions,
} from '@raywire/ray';
import { JOB_ORDER, jobStateOf } from '@raywire/ray/internal';
import { httpTransport, undiciRequester } from '@raywire/transport-http';
import type { ClusterState, Rows } from '../contracts/cluster-state.js';
import type { JobDetails, JobSubmission } from '../contracts/job.js';
import type { JobDriver, JobDriverContext } from '../contracts/job-driver.js';
import type { JobLog } from '../contracts/job-log.js';
import { ByteStreams } from './byte-stream.js';
import { FollowedLog } from './followed-log.js';
import { RayClusterState } from './ray-cluster-state.js';
import { checkRayDriverOptions, type RayDriverOptions } from './ray-driver-options.js';
import { RayPackages } from './ray-packages.js';
import { SharedRequest } from './shared-request.js';
import { Spool } from './spool.js';
import { spoolFault } from './spool-fault.js';
import { SpoolFolder } from './spool-folder.js';

/**
 * Serves a real Ray cluster through its dashboard. Each log is followed once, however many watch it. The cluster's
 * token stays here: it is another one than the gateway's, and neither is ever sent for the other.
 *
 * @throws {InvalidArgumentError} for an unknown option, a bad address, token or `tls`
 */
export function rayDriver(options: RayDriverOptions = {}): JobDriver {
  return new RayDriver(checkRayDriverOptions(options));
}

class RayDriver implements JobDriver {
  readonly contractVersion = 1;
  readonly name = 'ray';
  readonly cluster: ClusterState;
  readonly packages: RayPackages;
  readonly #options: RayDriverOptions;
  readonly #client: BaseClient;
  readonly #operations: RayOperations;
  readonly #streams: ByteStreams;
  /** Ray has no pages of jobs: every page is cut from all of them. */
  readonly #jobs = new SharedRequest(() => this.#operations.listJobs(this.#client, {}));
  readonly #spools: SpoolFolder;
  #onError: NonNullable<JobDriverContext['onError']> = () => undefined;

  constructor(options: RayDriverOptions) {
    const { address, token, tokenHeader, nodeAgents, tls } = options;
    const { spoolDirectory = tmpdir(), maxTotalSpoolBytes = 8 * 1024 ** 3 } = options;
    const backend = dashboardBackend({ address, token, tokenHeader, nodeAgents });
    const transport = httpTransport({ tls });
    this.#options = options;
    this.#spools = new SpoolFolder(spoolDirectory, maxTotalSpoolBytes);
    this.#client = createRayClient({
      backend,
      transports: [transport],
      requester: () => undiciRequester({ tls }),
    });
    this.#operations = backend.operations;
    this.packages = new RayPackages(this.#client);
    this.cluster = new RayClusterState(this.#client, backend.operations);
    this.#streams = new ByteStreams({
      api: this.#client,
      transport,
      // Ray's WebSocket is not byte-exact: it turns `\r` into `\n`.
      sources: backend.logSources.filter(({ wire }) => wire === 'http'),
    });
  }

  async start({ onError }: JobDriverContext): Promise<void> {
    if (onError !== undefined) this.#onError = onError;
    await this.#spools.sweep().catch(this.#onError);
  }

  async submit(submission: JobSubmission): Promise<{ job_id: string; submission_id: string }> {
    const send = this.#operations.prepareSubmission(submitOptions(submission), 'submitJob');
    refuseLocalFiles(submission.runtime_env ?? {});
    const { submission_id } = await send(this.#client);
    return { job_id: submission_id, submission_id };
  }

  async list(query: JobQuery = {}): Promise<Rows<JobDetails>> {
    const { items } = await this.#jobs.get();
    return withJobIds(pageRows({ items }, query, JOB_ORDER));
  }

  async get(jobId: string): Promise<JobDetails> {
    return withJobId(await this.#operations.getJob(this.#client, jobId, {}));
  }

  async stop(jobId: string): Promise<boolean> {
    return (await this.#operations.stopJob(this.#client, jobId, {})).stopped;
  }

  async delete(jobId: string): Promise<void> {
    await this.#operations.deleteJob(this.#client, jobId, {});
  }

  async openLog(jobId: string, fromByte: number): Promise<JobLog> {
    // An unknown job is told at once, not by its log.
    const job = await this.#operations.getJob(this.#client, jobId, {});
    const { maxSpoolBytes: maxBytes = 1024 ** 3, giveUpAfterMs = 600_000, lingerMs = 10_000 } = this.#options;
    // What has not begun has no byte to go on at: whoever asks for one must not spoil it for the others.
    const start = job.driver_node_id ? fromByte : 0;
    const onFault = (fault: Error): void => this.#onError(spoolFault(fault), { jobId });
    const spool = new Spool({ folder: this.#spools, start, maxBytes, onFault });
    const state = async (signal: AbortSignal): Promise<JobState> =>
      jobStateOf(await this.#operations.getJob(this.#client, jobId, { signal }));
    return new FollowedLog({ jobId, streams: this.#streams, spool, giveUpAfterMs, lingerMs, state });
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

/** A submission in the names of a client's options. */
function submitOptions(submission: JobSubmission): SubmitJobOptions {
  return {
    entrypoint: submission.entrypoint,
    submissionId: submission.submission_id,
    runtimeEnv: submission.runtime_env,
    metadata: submission.metadata,
    entrypointNumCpus: submission.entrypoint_num_cpus,
    entrypointNumGpus: submission.entrypoint_num_gpus,
    entrypointMemory: submission.entrypoint_memory,
    entrypointResources: submission.entrypoint_resources,
    entrypointLabelSelector: submission.entrypoint_label_selector,
  };
}

/** A path would be read on the machine of the gateway, whose files are not its callers'. */
function refuseLocalFiles(runtimeEnv: NonNullable<JobSubmission['runtime_env']>): void {
  const [field] = localFields(runtimeEnv);
  if (field === undefined) return;
  const remedies: Record<string, string> = {
    working_dir: 'a URI, or workingDirectory of AgentClient',
    py_modules: 'URIs',
  };
  const remedy = remedies[field] ?? 'the content of the file';
  throw new InvalidArgumentError({
    message: `runtime_env.${field} has a path, and the gateway reads none of its own files for a caller: pass ${remedy}`,
  });
}

function withJobIds({ items, total, next, truncated }: Listing<Job>): Rows<JobDetails> {
  function* rows(): Generator<JobDetails, void, void> {
    for (const job of items) yield withJobId(job);
  }
  return { total, next, truncated, [Symbol.iterator]: rows };
}

/** Ray leaves `job_id` empty until the driver connects. */
function withJobId({ id, ...job }: Job): JobDetails {
  return { ...job, job_id: id } as JobDetails;
}
