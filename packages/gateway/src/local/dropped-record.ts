import { createRecord, readRecord } from './record-file.js';

const NOTHING = '0'.repeat(20);
const TRIES = 10;

/**
 * Makes the file in which the keeper of a job writes how much of the log was dropped.
 *
 * @throws {Error} when it cannot be written
 */
export function createDroppedRecord(path: string): void {
  createRecord(path, `${NOTHING} ${NOTHING}\n`);
}

/**
 * How many of a log's first bytes were dropped; 0 without a record. The number stands there twice: one that is read while
 * it is written over shows two different ones, and is read again.
 *
 * @throws {Error} when it cannot be read
 */
export function readDroppedRecord(path: string): number {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const record = readRecord(path);
    if (record === undefined) return 0;
    const [, first, second] = /^(\d{20}) (\d{20})\n$/.exec(record.text) ?? [];
    if (first !== undefined && first === second) return Number(first);
  }
  throw new Error(`${path} does not say what was dropped of the log`);
}
