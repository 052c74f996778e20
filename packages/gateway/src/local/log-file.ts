import { type FSWatcher, fstatSync, watch } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { StreamGapError } from '@raywire/core';
import type { JobLog, JobLogEnd } from '../contracts/job-log.js';
import { openOwnFile } from '../files/own-files.js';
import { readDroppedRecord } from './dropped-record.js';
import type { JobFiles } from './job-files.js';

/** Growth is seen by the system's notification; a network file system has none, so it is looked for too. */
const POLL_MS = 500;
/** When the system gives no notification at all (its watches are used up). */
const POLL_ALONE_MS = 50;

/** The log file of a job. */
export class LogFile implements JobLog {
  readonly #file: FileHandle;
  readonly #droppedRecord: string;
  readonly #listeners = new Set<() => void>();
  #watcher: FSWatcher | undefined;
  #pollTimer: NodeJS.Timeout | undefined;
  #size: number;
  #start: number;
  #isCut = false;
  #end: JobLogEnd | undefined;
  #closed: Promise<void> | undefined;

  private constructor(file: FileHandle, droppedRecord: string) {
    this.#file = file;
    this.#droppedRecord = droppedRecord;
    this.#size = fstatSync(file.fd).size;
    this.#start = readDroppedRecord(droppedRecord);
  }

  /**
   * Opens a log file; `end` is how the job ended, or the promise of it.
   * @throws {Error} when there is no such file
   */
  static async open(
    files: Pick<JobFiles, 'log' | 'dropped'>,
    end: Omit<JobLogEnd, 'size'> | Promise<Omit<JobLogEnd, 'size'>>,
  ): Promise<LogFile> {
    const log = new LogFile(await openOwnFile(files.log), files.dropped);
    if (end instanceof Promise) {
      log.#follow(files.log);
      void end.then((value) => log.#finish(value));
    } else {
      log.#end = { ...end, size: log.#size };
    }
    return log;
  }

  get size(): number {
    return this.#size;
  }

  get start(): number {
    return this.#start;
  }

  get end(): JobLogEnd | undefined {
    return this.#end;
  }

  /** Also measures the file: a new reader wants what it holds now, and the notification may still be on its way. */
  async isCurrent(): Promise<boolean> {
    this.#refresh();
    this.#start = readDroppedRecord(this.#droppedRecord);
    return !this.#isCut;
  }

  async read(position: number, maxBytes: number): Promise<Uint8Array> {
    if (this.#isCut) throw becameShorter();
    if (position < this.#start) throw dropped(position);
    const length = Math.min(maxBytes, this.#size - position);
    if (length <= 0) return new Uint8Array(0);
    const buffer = Buffer.allocUnsafeSlow(length);
    const { bytesRead } = await this.#file.read(buffer, 0, length, position);
    if (bytesRead === 0) throw becameShorter();
    const bytes = buffer.subarray(0, bytesRead);
    // What was dropped is read as zeros, and was written down before: bytes without any are as they were written.
    if (bytes.includes(0)) {
      this.#start = readDroppedRecord(this.#droppedRecord);
      if (position < this.#start) throw dropped(position);
    }
    return bytes;
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    this.#unfollow();
    this.#closed ??= this.#file.close();
    return this.#closed;
  }

  #follow(path: string): void {
    try {
      this.#watcher = watch(path, { persistent: false }, () => this.#refresh());
      this.#watcher.on('error', () => this.#pollAlone());
      this.#poll(POLL_MS);
    } catch {
      // The limit of watches is reached, or the file system has none: polling alone is slower, and as exact.
      this.#pollAlone();
    }
  }

  #pollAlone(): void {
    this.#unfollow();
    if (this.#closed === undefined && this.#end === undefined) this.#poll(POLL_ALONE_MS);
  }

  #poll(intervalMs: number): void {
    this.#pollTimer = setInterval(() => this.#refresh(), intervalMs);
    this.#pollTimer.unref();
  }

  #unfollow(): void {
    clearInterval(this.#pollTimer);
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  /** A file's size costs a microsecond to ask for: less than a trip to the thread pool. */
  #refresh(): void {
    if (this.#closed !== undefined) return;
    if (this.#measure()) this.#notify();
  }

  #finish(end: Omit<JobLogEnd, 'size'>): void {
    if (this.#closed !== undefined) return;
    this.#unfollow();
    this.#measure();
    this.#end = { ...end, size: this.#size };
    this.#notify();
  }

  /** Whether something has changed. What is written after a cut stands where readers have been already. */
  #measure(): boolean {
    const { size } = fstatSync(this.#file.fd);
    if (size === this.#size || this.#isCut) return false;
    if (size < this.#size) this.#isCut = true;
    else this.#size = size;
    return true;
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

function dropped(position: number): Error {
  return new StreamGapError({
    message: `Byte ${position} of the log was dropped: the log is longer than maxLogBytes of the gateway allows.`,
  });
}

function becameShorter(): Error {
  return new Error('The log file became shorter while it was read');
}
