import { InvalidArgumentError } from '@raywire/core';
import type { RunJobOptions, SubmitJobOptions } from '@raywire/ray';
import { SUBMIT_OPTIONS, withCallOptions } from '@raywire/ray/internal';
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

const DIRECTORY_OPTIONS = ['workingDirectory', 'onUploadProgress'];

/** All that `runJob` takes. */
export const RUN_OPTIONS: readonly string[] = [
  ...SUBMIT_OPTIONS,
  ...DIRECTORY_OPTIONS,
  ...withCallOptions(['tail', 'throwOnFailure']),
];

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
