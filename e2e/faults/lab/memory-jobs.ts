import { NotFoundError } from '@raywire/core';
import type { JobDetails, JobDriver, JobLog, JobLogEnd, JobStatus } from '@raywire/gateway';

/** A job of the laboratory. */
export interface MemoryJob {
  bytes: Uint8Array;
  /** `ended`: before anybody looks. `running`: until somebody has read the log to its end. */
  life: 'ended' | 'running';
  /** A read gives at most so many bytes, so that even a short log goes in many messages. */
  readBytes: number;
  /** Changes when the same ID is submitted anew. */
  startTime: number;
  /** What the status is said to be, in place of the truth, so many times. */
  lies?: { status: JobStatus; times: number };
}

/** A driver of `@raywire/gateway` whose jobs are in memory and end when the laboratory wants it. */
export class MemoryJobs {
  readonly driver: JobDriver;
  readonly #jobs = new Map<string, MemoryJob & { ended: Promise<void>; end(): void }>();

  constructor() {
    const find = (jobId: string) => {
      const job = this.#jobs.get(jobId);
      if (job === undefined) throw new NotFoundError({ message: `No job ${jobId}` });
      return job;
    };
    const details = (jobId: string): JobDetails => {
      const job = find(jobId);
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
      openLog: async (jobId) => openLog(find(jobId)),
    };
  }

  add(jobId: string, job: MemoryJob): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#jobs.set(jobId, { ...job, ended: promise, end: resolve });
  }

  remove(jobId: string): void {
    this.#jobs.delete(jobId);
  }
}

function openLog(job: MemoryJob & { ended: Promise<void>; end(): void }): JobLog {
  const listeners = new Set<() => void>();
  let end: JobLogEnd | undefined;
  const finish = (): void => {
    end = { status: 'SUCCEEDED', exitCode: 0, size: job.bytes.length };
    for (const listener of listeners) listener();
  };
  if (job.life === 'ended') finish();
  else void job.ended.then(finish);
  return {
    size: job.bytes.length,
    get end() {
      return end;
    },
    async read(position, maxBytes) {
      if (position >= job.bytes.length && job.life === 'running') {
        job.life = 'ended';
        setImmediate(() => job.end());
      }
      return job.bytes.subarray(position, position + Math.min(maxBytes, job.readBytes));
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      listeners.clear();
    },
  };
}
