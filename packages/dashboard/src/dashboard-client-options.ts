import { type BaseClientOptions, InvalidArgumentError, type TlsOptions } from '@raywire/core';
import { assertKnownOptions } from '@raywire/core/internal';
import type { RayClientOptions } from '@raywire/ray';
import {
  type DashboardBackend,
  type DashboardBackendOptions,
  dashboardBackend,
} from './dashboard-backend.js';

/** Options of `DashboardClient`. */
export interface DashboardClientOptions
  extends DashboardBackendOptions,
    Omit<BaseClientOptions, 'baseURL' | 'authenticate' | 'refreshOn'>,
    Omit<RayClientOptions, 'backend'> {
  /**
   * How an `https:` dashboard is trusted, and who we are to it; for the built-in transports and calls alike. Node only,
   * and not with a `requester`.
   */
  tls?: TlsOptions | undefined;
}

/** What `DashboardClient` takes besides the options of its base. */
export const OWN_OPTIONS: readonly string[] = ['address', 'token', 'tokenHeader', 'nodeAgents', 'tls'];
const NOT_OURS = ['backend', 'baseURL', 'authenticate', 'refreshOn', 'agentToken', 'userToken', 'tenant'];

/** @throws {InvalidArgumentError} naming the option and the remedy */
export function checkClientOptions(
  options: DashboardClientOptions,
  optionNames: readonly string[],
): {
  given: DashboardClientOptions;
  backend: DashboardBackend;
} {
  const known = optionNames.filter((name) => !NOT_OURS.includes(name));
  assertKnownOptions(options, known, 'new DashboardClient');
  if (options.tls !== undefined && options.requester !== undefined) {
    throw new InvalidArgumentError({
      message:
        'new DashboardClient takes requester or tls, not both: give tls to the requester, undiciRequester({ tls }).',
    });
  }
  const { address, token, tokenHeader, nodeAgents, ...given } = options;
  return { given, backend: dashboardBackend({ address, token, tokenHeader, nodeAgents }) };
}
