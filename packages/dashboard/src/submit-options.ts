import {
  arrayOf,
  callback,
  kind,
  type OptionTable,
  readOptions,
  refuseOption,
  text,
} from '@raywire/core/internal';
import type { RunJobOptions, SubmitJobOptions } from '@raywire/ray';
import { RUN_OPTIONS, SUBMIT_OPTIONS } from '@raywire/ray/internal';
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

const DIRECTORY_OPTIONS: OptionTable<WorkingDirectoryOptions> = {
  workingDirectory: text("the path of a folder, such as '.'"),
  onUploadProgress: callback(),
};

/** The table of `DashboardSubmitOptions`. */
const DASHBOARD_SUBMIT_OPTIONS: OptionTable<DashboardSubmitOptions> = {
  ...SUBMIT_OPTIONS,
  ...DIRECTORY_OPTIONS,
};

/** The table of `DashboardRunOptions`. */
const DASHBOARD_RUN_OPTIONS: OptionTable<DashboardRunOptions, 'throwOnFailure'> = {
  ...RUN_OPTIONS,
  ...DIRECTORY_OPTIONS,
};

/** A submission, and the folder that is uploaded for it. */
export interface DashboardSubmission {
  submission: SubmitJobOptions;
  directory: WorkingDirectory | undefined;
}

/** @throws {InvalidArgumentError} naming the option and the remedy */
export function checkDashboardSubmitOptions(options: DashboardSubmitOptions): DashboardSubmission {
  return splitWorkingDirectory(readOptions(DASHBOARD_SUBMIT_OPTIONS, options, 'submitJob'), 'submitJob');
}

/** @throws {InvalidArgumentError} naming the option and the remedy */
export function checkDashboardRunOptions(options: DashboardRunOptions): Pick<DashboardRunOptions, 'tail'> & {
  submission: DashboardSubmitOptions;
  throwOnFailure: boolean;
} {
  const { tail, throwOnFailure, ...submission } = readOptions(DASHBOARD_RUN_OPTIONS, options, 'runJob');
  splitWorkingDirectory(submission, 'runJob');
  return { submission, throwOnFailure, tail };
}

function splitWorkingDirectory(options: DashboardSubmitOptions, where: string): DashboardSubmission {
  const { workingDirectory: folder, onUploadProgress: onProgress, ...submission } = options;
  if (folder === undefined) return { submission, directory: undefined };
  const { working_dir, excludes = [], ...runtimeEnv } = submission.runtimeEnv ?? {};
  if (working_dir !== undefined)
    refuseOption(
      `${where}: workingDirectory and runtimeEnv.working_dir exclude each other; pass one of them.`,
    );
  const patterns = EXCLUDES.check(excludes, 'runtimeEnv.excludes', where);
  return { submission: { ...submission, runtimeEnv }, directory: { folder, excludes: patterns, onProgress } };
}

const EXCLUDES = arrayOf<string>(
  kind('a pattern, as in .gitignore', (pattern) => typeof pattern === 'string'),
);
