import { within } from '@raywire/core/internal';
import type { Job } from './resources/job.js';
import type { SubmittedJob } from './resources/job-submission.js';
import type { StoppedJob } from './resources/stopped-job.js';
import type { LogTail } from './tail/log-tail.js';

/** What `runJob` is made of. */
export interface JobRunSteps {
  submit(): Promise<SubmittedJob>;
  tail(jobId: string): LogTail;
  /** Rejects with `JobFailedError` where `throwOnFailure` is set. */
  wait(jobId: string): Promise<Job>;
  throwOnFailure: boolean;
  stop(jobId: string): Promise<StoppedJob>;
  /** Aborted, it stops the job; `undefined`: the job goes on. */
  stopSignal: AbortSignal | undefined;
}

/**
 * A job from its submission to its end. Iterate it for the lines of its log; `result` has the final details. It is
 * submitted at once; when the loop is left early the job goes on.
 *
 * @example
 * ```ts
 * import { AgentClient } from '@raywire/agent';
 *
 * const client = new AgentClient({ baseURL: 'http://127.0.0.1:8899' });
 * const run = client.runJob({ entrypoint: 'python train.py' });
 * for await (const line of run) console.log(line);
 * console.log((await run.result).status);
 * ```
 */
export class JobRun implements AsyncIterable<string> {
  /** The IDs, once the server has taken the job. */
  readonly submitted: Promise<SubmittedJob>;
  readonly #steps: JobRunSteps;
  #result: Promise<Job> | undefined;
  #stopped: Promise<StoppedJob> | undefined;
  /** The job has ended: there is nothing to stop any more. */
  #forgetSignal: () => void = () => undefined;

  constructor(steps: JobRunSteps) {
    this.#steps = steps;
    this.submitted = steps.stopSignal === undefined ? steps.submit() : this.#submitToStop(steps.stopSignal);
    // Whoever iterates or asks for the result gets the failure; it is not unhandled in between.
    this.submitted.catch(() => undefined);
  }

  /**
   * With `stopOnAbort`, once the signal was aborted: whether the job is stopped, and rejects where that could not be
   * requested. `undefined` before. The loop and `result` wait for it before they throw the reason of the signal.
   */
  get stopped(): Promise<StoppedJob> | undefined {
    return this.#stopped;
  }

  /**
   * The job's details once it has ended, whether or not its log is read.
   *
   * Rejects with `JobFailedError` (with the `lastLines` of its log) where `throwOnFailure` was asked for.
   */
  get result(): Promise<Job> {
    this.#result ??= this.#awaitResult();
    return this.#result;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, void> {
    try {
      const { submission_id: jobId } = await this.submitted;
      const tail = this.#steps.tail(jobId);
      try {
        yield* tail;
        // Only then has the job ended: with follow: false it may run on.
        if ((await tail.end).reason === 'complete') this.#forgetSignal();
      } finally {
        await tail.close();
      }
      if (this.#steps.throwOnFailure) await this.result;
    } finally {
      await this.#stopSent();
    }
  }

  async #awaitResult(): Promise<Job> {
    try {
      const { submission_id: jobId } = await this.submitted;
      const job = await this.#steps.wait(jobId);
      this.#forgetSignal();
      return job;
    } finally {
      await this.#stopSent();
    }
  }

  /** Its failure is that of `stopped`. */
  async #stopSent(): Promise<void> {
    await this.#stopped?.catch(() => undefined);
  }

  /** A submission that is on its way is not aborted: nobody would know whether the job runs. */
  async #submitToStop(signal: AbortSignal): Promise<SubmittedJob> {
    signal.throwIfAborted();
    const { submit, stop } = this.#steps;
    const submission = submit();
    const onAbort = (): void => {
      this.#stopped = submission.then(({ submission_id: jobId }) => stop(jobId));
      this.#stopped.catch(() => undefined);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#forgetSignal = () => signal.removeEventListener('abort', onAbort);
    submission.catch(this.#forgetSignal);
    return within(submission, { signal });
  }
}
