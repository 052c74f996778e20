import { type FSWatcher, fstatSync, watch } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { JobLog, JobLogEnd } from '../contracts/job-log.js';
import { openOwnFile } from '../files/own-files.js';

/** Growth is seen by the system's notification; a network file system has none, so it is looked for too. */
const POLL_MS = 500;
/** When the system gives no notification at all (its watches are used up). */
const POLL_ALONE_MS = 50;

/** The log file of a job. */
export class LogFile implements JobLog {
  readonly #file: FileHandle;
  readonly #listeners = new Set<() => void>();
  #watcher: FSWatcher | undefined;
  #pollTimer: NodeJS.Timeout | undefined;
  #size: number;
  #isCut = false;
  #end: JobLogEnd | undefined;
  #closed: Promise<void> | undefined;

  private constructor(file: FileHandle) {
    this.#file = file;
    this.#size = fstatSync(file.fd).size;
  }

  /**
   * Opens a log file; `end` is how the job ended, or the promise of it.
   * @throws {Error} when there is no such file
   */
  static async open(
    path: string,
    end: Omit<JobLogEnd, 'size'> | Promise<Omit<JobLogEnd, 'size'>>,
  ): Promise<LogFile> {
    const log = new LogFile(await openOwnFile(path));
    if (end instanceof Promise) {
      log.#follow(path);
      void end.then((value) => log.#finish(value));
    } else {
      log.#end = { ...end, size: log.#size };
    }
    return log;
  }

  get size(): number {
    return this.#size;
  }

  get end(): JobLogEnd | undefined {
    return this.#end;
  }

  /** Also measures the file: a new reader wants what it holds now, and the notification may still be on its way. */
  async isCurrent(): Promise<boolean> {
    this.#refresh();
    return !this.#isCut;
  }

  async read(position: number, maxBytes: number): Promise<Uint8Array> {
    if (this.#isCut) throw becameShorter();
    const length = Math.min(maxBytes, this.#size - position);
    if (length <= 0) return new Uint8Array(0);
    const buffer = Buffer.allocUnsafeSlow(length);
    const { bytesRead } = await this.#file.read(buffer, 0, length, position);
    if (bytesRead === 0) throw becameShorter();
    return buffer.subarray(0, bytesRead);
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

function becameShorter(): Error {
  return new Error('The log file became shorter while it was read');
}
