import { arrayOf, callback, kind, type OptionTable, refuseOption, text } from '@raywire/core/internal';
import type { JobRun, RayClient, RunJobOptions, SubmitJobOptions, SubmittedJob } from '@raywire/ray';
import { SUBMIT_OPTIONS } from '@raywire/ray/internal';
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

/** The table of `DashboardSubmitOptions`. */
export const DASHBOARD_SUBMIT_OPTIONS: OptionTable<DashboardSubmitOptions> = {
  ...SUBMIT_OPTIONS,
  workingDirectory: text("the path of a folder, such as '.'"),
  onUploadProgress: callback(),
};

const EXCLUDES = arrayOf<string>(kind('a pattern, as in .gitignore', (value) => typeof value === 'string'));

/**
 * Takes the working directory out of options that were checked.
 *
 * @param where the method, for messages
 * @throws {InvalidArgumentError} naming the option and the remedy
 */
export function splitWorkingDirectory(
  options: DashboardSubmitOptions,
  where: string,
): { submission: SubmitJobOptions; directory: WorkingDirectory | undefined } {
  const { workingDirectory: folder, onUploadProgress: onProgress, ...submission } = options;
  if (folder === undefined) return { submission, directory: undefined };
  const { working_dir, excludes: given = [], ...runtimeEnv } = submission.runtimeEnv ?? {};
  if (working_dir !== undefined)
    refuseOption(
      `${where}: workingDirectory and runtimeEnv.working_dir exclude each other; pass one of them.`,
    );
  const excludes = EXCLUDES.check(given, `${where}: runtimeEnv.excludes`);
  return { submission: { ...submission, runtimeEnv }, directory: { folder, excludes, onProgress } };
}
