import { createRecord, readRecord } from './record-file.js';
import { exitOfStatus, type ShellExit } from './shell-exit.js';

/**
 * Makes the file in which the keeper of a job writes that it has started and how the job ended.
 *
 * @throws {Error} when it cannot be written
 */
export function createExitRecord(path: string): void {
  createRecord(path, 'waiting   \n');
}

/**
 * How a job ended; or that it was started and nothing else is recorded, or that it was not. For when its keeper is gone.
 *
 * @throws {Error} when it cannot be read
 */
export function readExitRecord(path: string): ShellExit | 'started' | 'unstarted' {
  const record = readRecord(path);
  const status = /^exited (\d{3})\n$/.exec(record?.text ?? '')?.[1];
  if (record !== undefined && status !== undefined)
    return { ...exitOfStatus(Number(status)), endedAt: record.writtenAt };
  return record?.text.startsWith('started') === true ? 'started' : 'unstarted';
}
