import type { Writable } from 'node:stream';
import type { JobDriver } from '../contracts/job-driver.js';
import { RequestRefused } from '../request-refused.js';
import { LogFeed } from './log-feed.js';

/** An open log and the number of its readers. */
interface OpenLog {
  readonly jobId: string;
  readonly feed: Promise<LogFeed>;
  readers: number;
  linger: NodeJS.Timeout | undefined;
  closed: Promise<void> | undefined;
}

/** The open logs of a gateway: one per job, shared by everything that tails it or reads it as a whole. */
export class LogFeeds {
  readonly #driver: JobDriver;
  readonly #onError: (error: unknown, jobId: string) => void;
  /** By job ID: the log that a new reader gets. */
  readonly #current = new Map<string, OpenLog>();
  /** Every log that is not closed, including those that no new reader gets. */
  readonly #open = new Set<OpenLog>();
  #isClosed = false;

  /** @param onError called with the error of a log that could not be closed */
  constructor(driver: JobDriver, onError: (error: unknown, jobId: string) => void) {
    this.#driver = driver;
    this.#onError = onError;
  }

  /**
   * The feed of a job's log. It stays open at least until the reader's connection closes.
   *
   * @param fromByte the first byte that the reader will ask for
   * @throws {NotFoundError} when there is no such job
   * @throws {RequestRefused} 503, when the gateway is closing
   */
  async hold(jobId: string, fromByte: number, reader: Writable): Promise<LogFeed> {
    for (;;) {
      const known = this.#current.get(jobId);
      const open = known ?? this.#begin(jobId, fromByte);
      open.readers += 1;
      clearTimeout(open.linger);
      try {
        const feed = await open.feed;
        const isCurrent = known === undefined || (await feed.log.isCurrent?.()) !== false;
        // The job may have been deleted during the check.
        if (isCurrent && this.#current.get(jobId) === open) {
          const leave = (): void => this.#leave(jobId, open, feed.log.lingerMs);
          if (reader.destroyed) leave();
          else reader.once('close', leave);
          return feed;
        }
      } catch (error) {
        this.#leave(jobId, open);
        throw error;
      }
      this.#retire(jobId, open);
      this.#leave(jobId, open);
    }
  }

  /** For a job that was deleted: its readers keep the log, and new readers of its ID get another one. */
  forget(jobId: string): void {
    const open = this.#current.get(jobId);
    if (open !== undefined) this.#retire(jobId, open);
  }

  /** Closes all logs, even those that still have readers. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#current.clear();
    await Promise.all([...this.#open].map((open) => this.#close(open)));
  }

  #begin(jobId: string, fromByte: number): OpenLog {
    if (this.#isClosed) throw new RequestRefused(503, 'The gateway is closing');
    const feed = this.#driver.openLog(jobId, fromByte).then((log) => new LogFeed(log));
    const open: OpenLog = { jobId, feed, readers: 0, linger: undefined, closed: undefined };
    this.#open.add(open);
    this.#current.set(jobId, open);
    return open;
  }

  #leave(jobId: string, open: OpenLog, lingerMs = 0): void {
    open.readers -= 1;
    if (open.readers > 0) return;
    if (lingerMs === 0 || this.#current.get(jobId) !== open) this.#retire(jobId, open);
    else open.linger = setTimeout(() => this.#retire(jobId, open), lingerMs);
  }

  /** Gives the log to no new reader, and closes it if it has no reader left. */
  #retire(jobId: string, open: OpenLog): void {
    if (this.#current.get(jobId) === open) this.#current.delete(jobId);
    if (open.readers === 0) void this.#close(open);
  }

  #close(open: OpenLog): Promise<void> {
    clearTimeout(open.linger);
    open.closed ??= open.feed
      // Where the log could not be opened, its readers have the error.
      .then(
        (feed) => feed.close().catch((error) => this.#onError(error, open.jobId)),
        () => undefined,
      )
      .finally(() => this.#open.delete(open));
    return open.closed;
  }
}
