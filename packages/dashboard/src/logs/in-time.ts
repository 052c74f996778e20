import { ClientTimeoutError } from '@raywire/core';

/**
 * Waits for the next piece of an answer. The clock runs only while we wait: a slow reader of ours is no silence of the
 * server's.
 *
 * @param close frees the answer's socket, when nothing came for so long
 * @throws {ClientTimeoutError} `READ_TIMEOUT`
 */
export async function inTime<T>(next: Promise<T>, stalledAfterMs: number, close: () => void): Promise<T> {
  let stalled = false;
  const timer = setTimeout(() => {
    stalled = true;
    close();
  }, stalledAfterMs);
  try {
    const value = await next;
    if (!stalled) return value;
  } catch (error) {
    if (!stalled) throw error;
  } finally {
    clearTimeout(timer);
  }
  throw new ClientTimeoutError({
    code: 'READ_TIMEOUT',
    message: `The log file stopped coming for ${stalledAfterMs} ms in the middle of an answer.`,
  });
}
