import { closeSync, constants, fstatSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { exitOfStatus, type ShellExit } from './shell-exit.js';

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Makes the file in which the keeper of a job writes that it has started and how the job ended. It is as long as it will
 * ever be: to write over it takes no room on a disk that is full by then.
 *
 * @throws {Error} when it cannot be written
 */
export function createExitRecord(path: string): void {
  rmSync(path, { force: true });
  const file = openSync(path, CREATE, 0o600);
  try {
    writeSync(file, 'waiting   \n');
  } finally {
    closeSync(file);
  }
}

/** How a job ended; or that it was started and nothing else is recorded, or that it was not. For when its keeper is gone. */
export function readExitRecord(path: string): ShellExit | 'started' | 'unstarted' {
  const record = readRecord(path);
  const status = /^exited (\d{3})\n$/.exec(record?.text ?? '')?.[1];
  if (record !== undefined && status !== undefined)
    return { ...exitOfStatus(Number(status)), endedAt: record.writtenAt };
  return record?.text.startsWith('started') === true ? 'started' : 'unstarted';
}

function readRecord(path: string): { text: string; writtenAt: number } | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return { text: readFileSync(file, 'latin1'), writtenAt: Math.round(fstatSync(file).mtimeMs) };
  } finally {
    closeSync(file);
  }
}
