import { closeSync, constants, fstatSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createPrivateFile } from '../files/own-files.js';

/**
 * Makes a file in which the keeper of a job writes something down, in place of what was there. It is as long as it will
 * ever be: to write over it takes no room on a disk that is full by then.
 *
 * @throws {Error} when it cannot be written
 */
export function createRecord(path: string, text: string): void {
  const file = createPrivateFile(path);
  try {
    writeSync(file, text);
  } finally {
    closeSync(file);
  }
}

/**
 * What the record says, and when that was written, in milliseconds since 1970; `undefined` when there is none.
 *
 * @throws {Error} when it cannot be read
 */
export function readRecord(path: string): { text: string; writtenAt: number } | undefined {
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
