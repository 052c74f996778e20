import type { Socket } from 'node:net';
import { ReaderStalledError } from './log-sink.js';

/**
 * Waits until the system has taken what was written to a socket (`flushed`), or the connection is gone. Node's own
 * socket time-out watches for progress inside one large write too, so slow is not mistaken for stalled.
 */
export async function whenFlushed(
  flushed: Promise<void>,
  socket: Socket,
  signal: AbortSignal,
  stallTimeoutMs: number,
): Promise<void> {
  if (signal.aborted) return;
  const settled = Promise.withResolvers<void>();
  const onAbort = (): void => settled.resolve();
  const onTimeout = (): void =>
    settled.reject(new ReaderStalledError(`The reader took nothing for ${stallTimeoutMs} ms`));
  signal.addEventListener('abort', onAbort, { once: true });
  // The timer is armed late: most writes are taken at once.
  const arm = setImmediate(() => {
    socket.setTimeout(stallTimeoutMs);
    socket.on('timeout', onTimeout);
  });
  flushed.then(settled.resolve, settled.resolve);
  try {
    await settled.promise;
  } finally {
    clearImmediate(arm);
    socket.setTimeout(0);
    socket.off('timeout', onTimeout);
    signal.removeEventListener('abort', onAbort);
  }
}
