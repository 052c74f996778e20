import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The files of a job. Absolute paths: its processes may run in another directory. */
export interface JobFiles {
  log: string;
  /** How it ended, see `createExitRecord`. */
  exit: string;
}

/** @param logs the folder that has the files of all jobs */
export function jobFiles(logs: string, jobId: string): JobFiles {
  const folder = resolve(logs);
  return { log: join(folder, `${jobId}.log`), exit: join(folder, `${jobId}.exit`) };
}

/** The log last: while it is there, so is the room that the store may need. */
export function removeJobFiles(files: JobFiles): void {
  for (const path of Object.values(files)) rmSync(path, { force: true });
}
