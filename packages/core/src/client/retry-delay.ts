import { ClientConnectionError } from '../errors/client-connection-error.js';
import { ClientTimeoutError } from '../errors/client-timeout-error.js';
import { HTTPError } from '../errors/http-error.js';
import { backoff } from '../time/backoff.js';

const RETRIED_STATUSES = new Set([408, 429, 502, 503, 504]);
/** They have a status of ours: the server's was a success or a redirect, and it would give the same again. */
const FINAL_CODES = new Set(['UNEXPECTED_RESPONSE', 'RESPONSE_TOO_LARGE', 'REDIRECT_REFUSED']);
const DELAYS = { initialDelayMs: 250, maxDelayMs: 10_000 };
const MAX_RETRY_AFTER_MS = 60_000;

/**
 * How long to wait before a call is repeated, in milliseconds; `undefined` when its failure is final.
 *
 * @param attempt of the attempt that failed, from 1 up
 */
export function retryDelay(error: unknown, attempt: number, maxRetries: number): number | undefined {
  if (attempt > maxRetries || !isTransient(error)) return undefined;
  const delayMs = backoff(DELAYS, attempt);
  const { retryAfterMs } = error;
  if (retryAfterMs === undefined) return delayMs;
  return retryAfterMs > MAX_RETRY_AFTER_MS ? undefined : Math.max(retryAfterMs, delayMs);
}

function isTransient(error: unknown): error is ClientConnectionError | ClientTimeoutError | HTTPError {
  if (ClientConnectionError.isInstance(error) || ClientTimeoutError.isInstance(error)) return true;
  if (!HTTPError.isInstance(error) || FINAL_CODES.has(error.code)) return false;
  return error.statusCode !== undefined && RETRIED_STATUSES.has(error.statusCode);
}
