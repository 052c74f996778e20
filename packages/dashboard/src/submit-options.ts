import { InvalidArgumentError } from '@raywire/core';
import type { JobRun, RayClient, RunJobOptions, SubmitJobOptions, SubmittedJob } from '@raywire/ray';
import type { WorkingDirectory } from './working-directory/upload-working-directory.js';
import type { UploadProgress } from './working-directory/working-directory-options.js';

/** What a working directory adds to a submission. */
export interface WorkingDirectoryOptions {
  /**
   * A local folder that the job runs in: packed without what `.gitignore`, `.rayignore` and `runtimeEnv.excludes`
   * leave out, and uploaded unless the cluster has the same content. At most 100 MiB packed.
   */
  workingDirectory?: string | undefined;
  /** Told how far the packing and the upload have come. */
  onUploadProgress?: ((progress: UploadProgress) => void) | undefined;
}

/** A job to run, with what only a dashboard can do. */
export interface DashboardSubmitOptions extends SubmitJobOptions, WorkingDirectoryOptions {}

/** Options of `runJob`, with what only a dashboard can do. */
export interface DashboardRunOptions extends RunJobOptions, WorkingDirectoryOptions {}

/** `RayClient` with the submissions of a dashboard. */
export interface DashboardRayClient extends RayClient {
  /**
   * Submits a job, after packing and uploading its `workingDirectory` where one is given; `timeoutMs` bounds each of the
   * requests that this takes.
   *
   * @throws {ConflictError} when the ID is taken
   * @throws {InvalidArgumentError} when `workingDirectory` is not a folder, or its package is larger than Ray takes
   */
  submitJob(options: DashboardSubmitOptions): Promise<SubmittedJob>;
  /**
   * Submits a job, and gives its log to iterate and its `result`.
   *
   * @throws {InvalidArgumentError} at once, for a bad option
   */
  runJob(options: DashboardRunOptions): JobRun;
}

/** The names of `WorkingDirectoryOptions`. */
export const DIRECTORY_OPTIONS: readonly string[] = ['workingDirectory', 'onUploadProgress'];

/**
 * Takes the working directory out of a submission's options.
 *
 * @throws {InvalidArgumentError} naming the option and the remedy
 */
export function splitWorkingDirectory(options: DashboardSubmitOptions): {
  submission: SubmitJobOptions;
  directory: WorkingDirectory | undefined;
} {
  if (typeof options !== 'object' || options === null) return { submission: options, directory: undefined };
  const { workingDirectory: folder, onUploadProgress: onProgress, ...submission } = options;
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new InvalidArgumentError({ message: 'onUploadProgress must be a function.' });
  }
  if (folder === undefined) return { submission, directory: undefined };
  if (typeof folder !== 'string' || folder === '') {
    throw new InvalidArgumentError({
      message: "workingDirectory must be the path of a folder, for example '.'.",
    });
  }
  const { working_dir, excludes = [], ...runtimeEnv } = submission.runtimeEnv ?? {};
  if (working_dir !== undefined) {
    throw new InvalidArgumentError({
      message: 'workingDirectory and runtimeEnv.working_dir exclude each other: give one.',
    });
  }
  if (!Array.isArray(excludes) || !excludes.every((pattern) => typeof pattern === 'string')) {
    throw new InvalidArgumentError({ message: 'runtimeEnv.excludes must be an array of patterns.' });
  }
  return { submission: { ...submission, runtimeEnv }, directory: { folder, excludes, onProgress } };
}
