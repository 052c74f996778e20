import { NotFoundError } from '@raywire/core';
import type { JobDetails, JobDriver, JobLog, JobLogEnd, JobStatus } from '@raywire/gateway';

/** A job of the laboratory. */
export interface MemoryJob {
  bytes: Uint8Array;
  /** `ended`: before anybody looks. `running`: until somebody has read the log to its end. */
  life: 'ended' | 'running';
  /** A read gives at most so many bytes, so that even a short log goes in many messages. */
  readBytes: number;
  /** How much more of a running job's log is there each time that a reader has come to its end. Default: all of it. */
  growBytes?: number;
  /** How much of a running job's log is there at first. Default: `growBytes`. */
  startBytes?: number;
  /** A running job's log neither grows nor ends before. */
  holdUntil?: Promise<void>;
  /** Changes when the same ID is submitted anew. */
  startTime: number;
  /** What the status is said to be, in place of the truth, so many times. */
  lies?: { status: JobStatus; times: number };
}

/** A driver of `@raywire/gateway` whose jobs are in memory and end when the laboratory wants it. */
export class MemoryJobs {
  readonly driver: JobDriver;
  readonly #jobs = new Map<string, Written>();

  constructor() {
    const find = (jobId: string) => {
      const job = this.#jobs.get(jobId);
      if (job === undefined) throw new NotFoundError({ message: `No job ${jobId}` });
      return job;
    };
    const details = (jobId: string): JobDetails => {
      const { job } = find(jobId);
      let status: JobStatus = job.life === 'ended' ? 'SUCCEEDED' : 'RUNNING';
      if (job.lies !== undefined && job.lies.times-- > 0) status = job.lies.status;
      return {
        job_id: jobId,
        submission_id: jobId,
        type: 'SUBMISSION',
        status,
        entrypoint: 'true',
        message: null,
        error_type: null,
        start_time: job.startTime,
        end_time: job.life === 'ended' ? 2 : null,
        metadata: {},
        runtime_env: {},
        driver_exit_code: job.life === 'ended' ? 0 : null,
      };
    };
    this.driver = {
      contractVersion: 1,
      name: 'memory',
      cluster: {
        nodes: async () => [],
        tasks: async () => [],
        gpuStatus: async () => ({}),
        serveApplications: async () => [],
        deleteServeApplication: async () => undefined,
      },
      submit: async () => ({ job_id: 'none', submission_id: 'none' }),
      list: async () => [...this.#jobs.keys()].map(details),
      get: async (jobId) => details(jobId),
      stop: async () => false,
      delete: async (jobId) => this.remove(jobId),
      openLog: async (jobId) => find(jobId).open(),
    };
  }

  add(jobId: string, job: MemoryJob): void {
    this.#jobs.set(jobId, new Written(job));
  }

  remove(jobId: string): void {
    this.#jobs.delete(jobId);
  }
}

/** A job and how far its log is written. */
class Written {
  readonly job: MemoryJob;
  readonly listeners = new Set<() => void>();
  size: number;
  end: JobLogEnd | undefined;
  #growing = false;

  constructor(job: MemoryJob) {
    this.job = job;
    const all = job.bytes.length;
    this.size = job.life === 'ended' ? all : Math.min(all, job.startBytes ?? job.growBytes ?? all);
    if (job.life === 'ended') this.#finish();
  }

  /** Somebody has read all that is there: time for some more, or for the end. */
  readToEnd(): void {
    if (this.#growing || this.end !== undefined) return;
    this.#growing = true;
    const grow = (): void => {
      this.#growing = false;
      const all = this.job.bytes.length;
      if (this.size === all) this.#finish();
      else this.size = Math.min(all, this.size + (this.job.growBytes ?? all));
      for (const listener of this.listeners) listener();
    };
    const { holdUntil } = this.job;
    if (holdUntil === undefined) setImmediate(grow);
    else void holdUntil.then(grow);
  }

  open(): JobLog {
    const written = this;
    const mine = new Set<() => void>();
    return {
      get size() {
        return written.size;
      },
      get end() {
        return written.end;
      },
      async read(position, maxBytes) {
        if (position >= written.size) written.readToEnd();
        const length = Math.min(maxBytes, written.job.readBytes);
        return written.job.bytes.subarray(position, Math.min(position + length, written.size));
      },
      watch(listener) {
        mine.add(listener);
        written.listeners.add(listener);
        return () => written.listeners.delete(listener);
      },
      async close() {
        for (const listener of mine) written.listeners.delete(listener);
      },
    };
  }

  #finish(): void {
    this.job.life = 'ended';
    this.end = { status: 'SUCCEEDED', exitCode: 0, size: this.job.bytes.length };
  }
}
