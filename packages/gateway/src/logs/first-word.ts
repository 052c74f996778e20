import type { JobLog } from '../contracts/job-log.js';

/** For so long a stream is not begun: after that, a reader waits better on an open one. */
export const FIRST_WORD_MS = 5_000;

/**
 * Waits, some seconds at most, until a log that is elsewhere has come or is known to be there, so that what keeps it
 * from being read can still be answered with a status.
 *
 * @throws why it cannot be read
 */
export async function firstWord(log: JobLog): Promise<void> {
  if (log.ready === undefined) return;
  const word = Promise.withResolvers<void>();
  // Its failure changes the log, too: `read` says so.
  const unwatch = log.watch(word.resolve);
  const timer = setTimeout(word.resolve, FIRST_WORD_MS);
  log.ready.then(word.resolve, word.reject);
  try {
    await word.promise;
  } finally {
    unwatch();
    clearTimeout(timer);
  }
}
