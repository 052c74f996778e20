import { type ApiClient, type CallOptions, ClientTimeoutError } from '@raywire/core';
import { delay, readOptions } from '@raywire/core/internal';
import type { ServeApplication } from '@raywire/ray';
import { PATIENCE_OPTIONS } from '@raywire/ray/internal';
import { getServeApplication } from './serve-applications.js';

/** How to wait for a Serve application. */
export interface WaitForServeOptions extends Omit<CallOptions, 'timeoutMs'> {
  /** Give up after this many milliseconds. Default: never. */
  giveUpAfterMs?: number | undefined;
}

const INTERVAL_MS = 300;
const SETTLED = new Set(['RUNNING', 'DEPLOY_FAILED', 'UNHEALTHY']);

/**
 * Asks for an application until it runs or has failed; its `status` and `message` tell which.
 *
 * @throws {InvalidArgumentError} for a bad option
 * @throws {NotFoundError} when there is none
 * @throws {ClientTimeoutError} after `giveUpAfterMs`
 */
export async function waitForServeApplication(
  api: ApiClient,
  name: string,
  options: WaitForServeOptions | undefined,
): Promise<ServeApplication> {
  const checked = readOptions(PATIENCE_OPTIONS, options, 'waitForServeApplication');
  const { giveUpAfterMs = Number.POSITIVE_INFINITY, ...call } = checked;
  const deadline = performance.now() + giveUpAfterMs;
  for (;;) {
    const application = await getServeApplication(api, name, call);
    if (SETTLED.has(application.status ?? '')) return application;
    const left = deadline - performance.now();
    if (left <= 0) {
      throw new ClientTimeoutError({
        message: `The Serve application ${JSON.stringify(name)} was still ${application.status} after ${giveUpAfterMs} ms. It goes on; wait again.`,
      });
    }
    await delay(Math.min(INTERVAL_MS, left), call.signal);
  }
}
