import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { ConflictError, NotFoundError } from '@raywire/core';
import { count, flag, type OptionTable, readOptions, required, text } from '@raywire/core/internal';
import type { JobQuery } from '@raywire/ray';
import { makeSubmissionId } from '@raywire/ray/internal';
import type { Rows } from '../contracts/cluster-state.js';
import type { JobDetails, JobSubmission } from '../contracts/job.js';
import type { JobDriver, JobDriverContext } from '../contracts/job-driver.js';
import type { JobLog, JobLogEnd } from '../contracts/job-log.js';
import { isDiskFull } from '../files/disk-full.js';
import { makeNamedFolder, makePrivateFolder } from '../files/own-files.js';
import {
  type EntrypointSettings,
  inheritedEnvironment,
  resolveEntrypoint,
  spawnEntrypoint,
} from './entrypoint.js';
import { readExitRecord } from './exit-record.js';
import { requireHoles } from './hole.js';
import { jobDetails } from './job-details.js';
import { type JobFiles, jobFiles, removeJobFiles } from './job-files.js';
import { listJobs } from './job-list.js';
import { JobPackages } from './job-packages.js';
import { JobRecords } from './job-records.js';
import { type JobRecord, JobStore } from './job-store.js';
import { findKeeper } from './keeper.js';
import { LeftoverScan } from './leftover-scan.js';
import { LocalCluster } from './local-cluster.js';
import { LogFile } from './log-file.js';
import { pendingJob } from './pending-job.js';
import { JOB_ID_VARIABLE, processStart } from './process-table.js';
import {
  isSameProcess,
  type JobOutcome,
  type KeeperEnd,
  outcomeOf,
  RunningJob,
  watchAdoptedShell,
} from './running-job.js';
import { exitOfStatus } from './shell-exit.js';
import { loadSqlite } from './sqlite.js';

/** What `localDriver` takes. */
export interface LocalDriverOptions {
  /** Where logs and the job store are kept; made if it is not there. One gateway at a time. */
  directory: string;
  /** True: jobs run on when the gateway closes, and the next one finds them. Default false: they are stopped. */
  keepJobs?: boolean | undefined;
  /**
   * How much of the log of each job is kept, in bytes, at least 1 MiB: beyond it the oldest lines are dropped, and their
   * readers are told. Checked each second. Linux only. Default `Infinity`: all of it.
   */
  maxLogBytes?: number | undefined;
}

const LOCAL_DRIVER_OPTIONS = {
  directory: required(text("the path of a folder, such as './jobs'")),
  keepJobs: flag(false),
  maxLogBytes: count({ min: 1024 * 1024, orInfinity: true }, Number.POSITIVE_INFINITY),
} satisfies OptionTable<LocalDriverOptions>;

/**
 * Runs jobs as child processes of the gateway, on this machine and without Ray.
 *
 * @throws {InvalidArgumentError} when `directory` is missing, or for an unknown or bad option
 * @throws {Error} on a Node before 22.13
 */
export function localDriver(options: LocalDriverOptions): JobDriver {
  const checked = readOptions(LOCAL_DRIVER_OPTIONS, options, 'localDriver');
  loadSqlite();
  return new LocalDriver(checked);
}

/** Stands for the keeper of a job that was gone before its number was known: no process has it. */
const NO_PROCESS = Number.MAX_SAFE_INTEGER;

class LocalDriver implements JobDriver {
  readonly contractVersion = 1;
  readonly name = 'local';
  readonly cluster: LocalCluster;
  readonly packages: JobPackages;
  readonly #directory: string;
  readonly #keepJobs: boolean;
  readonly #maxLogBytes: number;
  readonly #running = new Map<string, RunningJob>();
  /** Settles when the end of a job is in the store too. */
  readonly #ends = new Map<string, Promise<Omit<JobLogEnd, 'size'>>>();
  readonly #closing = new AbortController();
  readonly #scan = new LeftoverScan();
  #openJobs: JobRecords | undefined;
  #secrets: readonly string[] = [];

  constructor(options: { directory: string; keepJobs: boolean; maxLogBytes: number }) {
    this.#directory = options.directory;
    this.#keepJobs = options.keepJobs;
    this.#maxLogBytes = options.maxLogBytes;
    this.packages = new JobPackages(options.directory);
    this.cluster = new LocalCluster(() => this.#running.values());
  }

  async start(context: JobDriverContext): Promise<void> {
    this.#secrets = context.secrets;
    const onError = context.onError ?? (() => undefined);
    try {
      makeNamedFolder(this.#directory);
      makePrivateFolder(this.#logs);
      await this.packages.sweep();
      if (Number.isFinite(this.#maxLogBytes)) requireHoles(this.#logs);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      onError(error);
    }
    this.#openJobs = new JobRecords(() => {
      makeNamedFolder(this.#directory);
      return new JobStore(join(this.#directory, 'jobs.sqlite'));
    }, onError);
    for (const record of this.#openJobs.listUnfinished()) this.#adopt(record);
  }

  async submit(submission: JobSubmission): Promise<{ job_id: string; submission_id: string }> {
    const settings = resolveEntrypoint(submission);
    const packageName = JobPackages.nameIn(submission.runtime_env?.working_dir);
    const folder = packageName === undefined ? undefined : await this.packages.unpack(packageName);
    const id = submission.submission_id ?? makeSubmissionId();
    try {
      if (!this.#jobs.insert(pendingJob(id, submission)))
        throw new ConflictError({ message: `A job with the submission ID '${id}' exists already` });
    } catch (error) {
      if (folder !== undefined) this.packages.discard(folder);
      throw error;
    }
    this.#launch(id, settings, folder);
    return { job_id: id, submission_id: id };
  }

  list(query: JobQuery = {}): Promise<Rows<JobDetails>> {
    return listJobs(
      () => this.#jobs,
      query,
      (record) => jobDetails(record, this.cluster.nodeId),
    );
  }

  async get(jobId: string): Promise<JobDetails> {
    return jobDetails(this.#find(jobId), this.cluster.nodeId);
  }

  async stop(jobId: string): Promise<boolean> {
    this.#find(jobId);
    const job = this.#running.get(jobId);
    if (job === undefined) return false;
    this.#jobs.change(jobId, { stopRequested: true });
    job.stop();
    return true;
  }

  async delete(jobId: string): Promise<void> {
    const { status } = this.#find(jobId);
    if (status === 'PENDING' || status === 'RUNNING') {
      throw new ConflictError({
        message: `Job '${jobId}' is ${status}: stop it, and delete it when it has ended`,
      });
    }
    // First: on a full disk it makes the room that the store needs to forget the job.
    removeJobFiles(this.#files(jobId));
    this.packages.forget(jobId);
    this.#jobs.delete(jobId);
  }

  async openLog(jobId: string): Promise<JobLog> {
    const { status, exitCode } = this.#find(jobId);
    try {
      return await LogFile.open(this.#files(jobId), this.#ends.get(jobId) ?? { status, exitCode });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new NotFoundError({ message: `The log of job '${jobId}' is not there any more`, cause: error });
    }
  }

  async close(): Promise<void> {
    if (!this.#keepJobs) {
      for (const [id, job] of this.#running) {
        this.#openJobs?.change(id, { stopRequested: true });
        job.stop();
      }
    }
    // With `keepJobs` too: the end of a job that is ending now would otherwise be lost, and its timers outlive this.
    const ending = [...this.#running.values()].filter(({ isEnding }) => isEnding);
    await Promise.all(ending.map(({ id }) => this.#ends.get(id)));
    this.#closing.abort();
    const jobs = this.#openJobs;
    this.#openJobs = undefined;
    jobs?.close();
  }

  get #jobs(): JobRecords {
    if (this.#openJobs === undefined) throw new Error('The local driver is not started, or closed');
    return this.#openJobs;
  }

  #find(jobId: string): JobRecord {
    const record = this.#jobs.get(jobId);
    if (record === undefined) throw new NotFoundError({ message: `Job '${jobId}' does not exist` });
    return record;
  }

  get #logs(): string {
    return join(this.#directory, 'logs');
  }

  #files(jobId: string): JobFiles {
    return jobFiles(this.#logs, jobId);
  }

  /** @param folder that of its package, which becomes the job's own */
  #launch(id: string, given: EntrypointSettings, folder: string | undefined): void {
    const environment = {
      ...inheritedEnvironment(this.#secrets),
      // Python holds back what it prints to a file, and a tail is there to be watched.
      PYTHONUNBUFFERED: '1',
      ...given.environment,
      [JOB_ID_VARIABLE]: id,
    };
    const exit = Promise.withResolvers<KeeperEnd>();
    try {
      // Not there yet when the gateway started on a full disk.
      makePrivateFolder(this.#logs);
      const workingDirectory = folder === undefined ? given.workingDirectory : this.packages.keep(folder, id);
      const settings = { ...given, workingDirectory };
      const files = this.#files(id);
      const child = spawnEntrypoint(settings, files, environment, this.#maxLogBytes);
      child.once('error', (error) => {
        if (child.pid === undefined) this.#markUnstarted(id, error);
      });
      if (child.pid === undefined) return;
      const letGo = (): void => child.unref();
      this.#closing.signal.addEventListener('abort', letGo, { once: true });
      child.once('exit', (code, signal) => {
        // A listener would keep the child for as long as the gateway lives.
        this.#closing.signal.removeEventListener('abort', letGo);
        // The keeper passes on the status of the shell, unless it was killed itself.
        exit.resolve(code === null ? { code, signal } : exitOfStatus(code));
      });
      const identity = { pid: child.pid, startedAt: processStart(child.pid) };
      this.#jobs.change(id, { status: 'RUNNING', message: 'The job is running', process: identity });
      const log = realpathSync(files.log);
      this.#watch(new RunningJob({ id, identity, log, shellExit: exit.promise, scan: this.#scan }));
    } catch (error) {
      this.#markUnstarted(id, error as Error);
    }
  }

  #markUnstarted(id: string, error: Error): void {
    const message = `The entrypoint could not be started: ${error.message}`;
    this.#openJobs?.change(id, { status: 'FAILED', message, endTime: Date.now() });
  }

  /** A job that ran when the last gateway ended: it is watched again, or its end is reported as what it is. */
  #adopt(record: JobRecord): void {
    const { id, stopRequested } = record;
    const files = this.#files(id);
    const found = record.process ?? findKeeper(files.exit);
    if (found === undefined && readExitRecord(files.exit) === 'unstarted') {
      this.#jobs.change(id, outcomeOf('unstarted', stopRequested));
      return;
    }
    // Of a keeper that is gone without having been seen, the number is not known.
    const identity = found ?? { pid: NO_PROCESS, startedAt: null };
    if (record.process === null && found !== undefined)
      this.#jobs.change(id, { status: 'RUNNING', message: 'The job is running', process: found });
    const isRunning = isSameProcess(identity);
    const job = new RunningJob({
      id,
      identity,
      log: existsSync(files.log) ? realpathSync(files.log) : files.log,
      shellExit: watchAdoptedShell(identity, files.exit, this.#closing.signal),
      scan: this.#scan,
      stopRequested,
      wasUnwatched: !isRunning,
    });
    this.#watch(job);
    if (stopRequested && isRunning) job.stop();
  }

  #watch(job: RunningJob): void {
    this.#running.set(job.id, job);
    const end = job.finished.then((outcome) => this.#record(job, outcome));
    this.#ends.set(job.id, end);
  }

  #record(job: RunningJob, outcome: JobOutcome): Omit<JobLogEnd, 'size'> {
    // Closed with `keepJobs`: the next gateway tells how it ended.
    this.#openJobs?.change(job.id, outcome);
    this.#running.delete(job.id);
    this.#ends.delete(job.id);
    return { status: outcome.status, exitCode: outcome.exitCode };
  }
}
