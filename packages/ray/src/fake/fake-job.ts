import { ConflictError, type JobStatus } from '@raywire/core';
import type { Job } from '../resources/job.js';
import { type JobState, jobStateOf } from '../source/job-state.js';

/** A job of `fakeRay`, as a test describes it. */
export interface FakeJobInit {
  /** Its log. Default: nothing. */
  lines?: readonly string[] | undefined;
  /** Default `SUCCEEDED`. One that runs goes on by `write` and `finish`. */
  status?: JobStatus | undefined;
  /** Default: 0 of a job that succeeded, 1 of one that failed, `null` of any other. */
  exitCode?: number | null | undefined;
  /** How it stands, in words. */
  message?: string | undefined;
  /** Default `true`, the command. */
  entrypoint?: string | undefined;
  metadata?: Record<string, string> | undefined;
}

/** How a job of `fakeRay` ends. */
export type FakeJobEnd = Pick<FakeJobInit, 'status' | 'exitCode' | 'message'>;

/** One job in memory, with its log. */
export class FakeJob {
  #job: Job;
  #log = new Uint8Array(0);
  #changed = changed();

  constructor(id: string, init: FakeJobInit, startTime: number) {
    const { entrypoint = 'true', metadata } = init;
    this.#job = {
      ...{ id, job_id: null, submission_id: id, type: 'SUBMISSION', entrypoint, start_time: startTime },
      ...{
        status: 'RUNNING',
        message: null,
        end_time: null,
        driver_exit_code: null,
        metadata: metadata ?? {},
      },
    };
    this.#append(init.lines ?? []);
    this.#become({ status: 'SUCCEEDED', ...init });
  }

  /** As Ray describes it. */
  get details(): Job {
    return { ...this.#job };
  }

  get state(): JobState {
    return jobStateOf(this.#job);
  }

  get log(): Uint8Array {
    return this.#log;
  }

  /** Resolves once there is more of the log, or the job is another. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  /** @throws {ConflictError} when it has ended */
  write(lines: readonly string[]): void {
    this.#mustRun();
    this.#append(lines);
    this.#become({ status: 'RUNNING' });
  }

  /** @throws {ConflictError} when it has ended */
  finish(end: FakeJobEnd): void {
    this.#mustRun();
    this.#become({ status: 'SUCCEEDED', ...end });
  }

  #mustRun(): void {
    const { id, status } = this.#job;
    if (!this.state.terminal) return;
    throw new ConflictError({ statusCode: 409, message: `The job ${id} has ended already: ${status}.` });
  }

  #append(lines: readonly string[]): void {
    const more = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
    const log = new Uint8Array(this.#log.length + more.length);
    log.set(this.#log);
    log.set(more, this.#log.length);
    this.#log = log;
  }

  #become({ status = 'SUCCEEDED', exitCode, message }: FakeJobEnd): void {
    const usual = status === 'SUCCEEDED' ? 0 : status === 'FAILED' ? 1 : null;
    this.#job = {
      ...this.#job,
      status,
      driver_exit_code: exitCode === undefined ? usual : exitCode,
      ...(message !== undefined && { message }),
    };
    if (this.state.terminal) this.#job.end_time = this.#job.start_time ?? null;
    const { resolve } = this.#changed;
    this.#changed = changed();
    resolve();
  }
}

function changed(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((resolved) => {
    resolve = resolved;
  });
  return { promise, resolve };
}
