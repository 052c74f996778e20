/**
 * How long to wait before something is tried again, in milliseconds: the delay doubles with each attempt, up to a
 * maximum, and between half and all of it is waited. Clients that failed together then do not come back together.
 *
 * @param attempt of the attempt that failed, from 1 up
 */
export function backoff(
  { initialDelayMs, maxDelayMs }: { initialDelayMs: number; maxDelayMs: number },
  attempt: number,
): number {
  const delayMs = Math.min(initialDelayMs * 2 ** Math.max(0, attempt - 1), maxDelayMs);
  return Math.round(delayMs * (0.5 + Math.random() / 2));
}
