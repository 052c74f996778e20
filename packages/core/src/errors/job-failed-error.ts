import type { JobStatus } from '../contracts/job-status.js';
import { ClientError } from './client-error.js';
import type { ErrorCodes } from './error-code.js';

/** Nothing failed but the job itself: hence the one error without a `statusCode`. */
export class JobFailedError extends ClientError {
  static override readonly brand: string = 'JobFailedError';

  declare readonly code: ErrorCodes['JobFailedError'];

  /** `FAILED` or `STOPPED`. */
  readonly jobStatus: JobStatus;
  /** The driver's exit code; `null` where the server does not say. */
  readonly exitCode: number | null;
  /** The end of the log, at most 20 lines, oldest first; empty where the server cannot give it. */
  readonly lastLines: readonly string[];

  constructor(options: {
    message: string;
    jobStatus: JobStatus;
    exitCode: number | null;
    lastLines: readonly string[];
    detail?: unknown;
  }) {
    super({ code: 'JOB_FAILED', message: options.message, detail: options.detail });
    this.jobStatus = options.jobStatus;
    this.exitCode = options.exitCode;
    this.lastLines = options.lastLines;
  }
}
