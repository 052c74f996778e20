import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The files of a job. Absolute paths: its processes may run in another directory. */
export interface JobFiles {
  log: string;
  /** How it ended, see `createExitRecord`. */
  exit: string;
  /** What was dropped of the log, see `createDroppedRecord`. */
  dropped: string;
}

/** @param logs the folder that has the files of all jobs */
export function jobFiles(logs: string, jobId: string): JobFiles {
  const path = (extension: string): string => join(resolve(logs), `${jobId}.${extension}`);
  return { log: path('log'), exit: path('exit'), dropped: path('dropped') };
}

export function removeJobFiles(files: JobFiles): void {
  for (const path of Object.values(files)) rmSync(path, { force: true });
}
