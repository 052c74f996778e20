/**
 * What a promise gives, unless the signal is aborted or the time is over before; what it does later is not looked at.
 *
 * @throws `signal.reason` when it is aborted, and what `late` gives when the time is over
 */
export function within<T>(
  promise: Promise<T>,
  { signal, timeoutMs, late }: { signal: AbortSignal; timeoutMs: number; late: () => Error },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const onAbort = (): void => end(() => reject(signal.reason));
    const timer = setTimeout(() => end(() => reject(late())), timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(
      (value) => end(() => resolve(value)),
      (error: unknown) => end(() => reject(error)),
    );
    if (signal.aborted) onAbort();
  });
}

/** Counts down from now on. The function gives the whole milliseconds that are left, never less than 1. */
export function countdown(milliseconds: number): () => number {
  const endsAt = performance.now() + milliseconds;
  return () => Math.max(1, Math.ceil(endsAt - performance.now()));
}
