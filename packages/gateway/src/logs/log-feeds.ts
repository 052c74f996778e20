import type { JobDriver } from '../contracts/job-driver.js';
import { LogFeed } from './log-feed.js';

interface Entry {
  readonly feed: Promise<LogFeed>;
  readers: number;
}

/** A reader's share of a feed. */
export interface LogFeedLease {
  readonly feed: LogFeed;
  /** The last release closes the log. Calling it twice is fine. */
  release(): Promise<void>;
}

/** The open logs of a gateway: one feed a job, for as long as somebody reads it. */
export class LogFeeds {
  readonly #driver: JobDriver;
  readonly #entries = new Map<string, Entry>();

  constructor(driver: JobDriver) {
    this.#driver = driver;
  }

  /** @throws {NotFoundError} when there is no such job */
  async acquire(jobId: string, fromByte: number): Promise<LogFeedLease> {
    let entry = this.#entries.get(jobId);
    if (entry === undefined) {
      entry = { feed: this.#driver.openLog(jobId, fromByte).then((log) => new LogFeed(log)), readers: 0 };
      this.#entries.set(jobId, entry);
    }
    entry.readers += 1;
    const taken = entry;
    let released = false;
    const release = async (): Promise<void> => {
      if (released) return;
      released = true;
      taken.readers -= 1;
      if (taken.readers > 0) return;
      if (this.#entries.get(jobId) === taken) this.#entries.delete(jobId);
      await (await taken.feed).close();
    };
    try {
      return { feed: await taken.feed, release };
    } catch (error) {
      released = true;
      taken.readers -= 1;
      if (this.#entries.get(jobId) === taken) this.#entries.delete(jobId);
      throw error;
    }
  }

  /** After a job was deleted its ID may come again, with another log: those who read now keep the old one. */
  forget(jobId: string): void {
    this.#entries.delete(jobId);
  }
}
