/** What may end the wait for a promise: an abort, the time (then with what `late` returns), or either. */
export type WaitBounds =
  | { signal: AbortSignal; timeoutMs?: undefined }
  | { signal?: AbortSignal; timeoutMs: number; late: () => Error };

/**
 * The result of a promise, unless the signal is aborted or the time is over first. What the promise does after that
 * is ignored.
 *
 * @throws `signal.reason` when it is aborted, and what `late` returns when the time is over
 */
export function within<T>(promise: Promise<T>, bounds: WaitBounds): Promise<T> {
  const { signal } = bounds;
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const fail = (error: unknown): void => {
      end();
      reject(error);
    };
    const onAbort = (): void => fail(signal?.reason);
    if (bounds.timeoutMs !== undefined) timer = setTimeout(() => fail(bounds.late()), bounds.timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    promise.then((value) => {
      end();
      resolve(value);
    }, fail);
    if (signal?.aborted) onAbort();
  });
}
