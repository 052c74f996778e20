import { closeSync, constants, openSync, readFileSync, rmSync, writeSync } from 'node:fs';

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const NOTHING = '0'.repeat(20);
const TRIES = 10;

/**
 * Makes the file in which the keeper of a job writes how much of the log was dropped. As the exit record, it never grows.
 *
 * @throws {Error} when it cannot be written
 */
export function createDroppedRecord(path: string): void {
  rmSync(path, { force: true });
  const file = openSync(path, CREATE, 0o600);
  try {
    writeSync(file, `${NOTHING} ${NOTHING}\n`);
  } finally {
    closeSync(file);
  }
}

/**
 * How many of a log's first bytes were dropped; 0 without a record. The number stands there twice: one that is read while
 * it is written over shows two different ones, and is read again.
 *
 * @throws {Error} when the record cannot be read
 */
export function readDroppedRecord(path: string): number {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const text = readRecord(path);
    if (text === undefined) return 0;
    const [, first, second] = /^(\d{20}) (\d{20})\n$/.exec(text) ?? [];
    if (first !== undefined && first === second) return Number(first);
  }
  throw new Error(`${path} does not say what was dropped of the log`);
}

function readRecord(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return readFileSync(file, 'latin1');
  } finally {
    closeSync(file);
  }
}
