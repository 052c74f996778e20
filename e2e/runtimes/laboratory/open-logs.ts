import type { JobDriver } from '@raywire/gateway';

/** Counts the logs that a driver has open: one for each job that somebody reads. */
export class OpenLogs {
  #open = 0;
  #waiting: (() => void)[] = [];

  constructor(driver: JobDriver) {
    const openLog = driver.openLog.bind(driver);
    driver.openLog = async (jobId, fromByte) => {
      const log = await openLog(jobId, fromByte);
      this.#open += 1;
      const close = log.close.bind(log);
      log.close = async () => {
        await close();
        this.#open -= 1;
        this.#tell();
      };
      return log;
    };
  }

  /** Resolves once none is open; rejects when the signal comes first. */
  allClosed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error(`${this.#open} logs are still read`)));
      this.#waiting.push(resolve);
      this.#tell();
    });
  }

  #tell(): void {
    if (this.#open > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
