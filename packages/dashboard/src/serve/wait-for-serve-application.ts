import { type ApiClient, type CallOptions, ClientTimeoutError } from '@raywire/core';
import { assertKnownOptions, delay } from '@raywire/core/internal';
import type { ServeApplication } from '@raywire/ray';
import { checkPatience, withCallOptions } from '@raywire/ray/internal';
import { getServeApplication } from './serve-applications.js';

/** How to wait for a Serve application. */
export interface WaitForServeOptions extends Omit<CallOptions, 'timeoutMs'> {
  /** Give up after so many milliseconds; default: never. */
  timeoutMs?: number | undefined;
}

const INTERVAL_MS = 300;
const SETTLED = new Set(['RUNNING', 'DEPLOY_FAILED', 'UNHEALTHY']);

/**
 * Asks for an application until it runs or has failed; its `status` and `message` tell which.
 *
 * @throws {InvalidArgumentError} for a bad option
 * @throws {NotFoundError} when there is none
 * @throws {ClientTimeoutError} after `timeoutMs`
 */
export async function waitForServeApplication(
  api: ApiClient,
  name: string,
  options: WaitForServeOptions | undefined,
): Promise<ServeApplication> {
  assertKnownOptions(options, withCallOptions([]), 'waitForServeApplication');
  const { timeoutMs = Number.POSITIVE_INFINITY, ...call } = options ?? {};
  checkPatience(timeoutMs);
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const application = await getServeApplication(api, name, call);
    if (SETTLED.has(application.status ?? '')) return application;
    const left = deadline - performance.now();
    if (left <= 0) {
      throw new ClientTimeoutError({
        message: `The Serve application ${JSON.stringify(name)} was still ${application.status} after ${timeoutMs} ms. It goes on; wait again.`,
      });
    }
    await delay(Math.min(INTERVAL_MS, left), call.signal);
  }
}
