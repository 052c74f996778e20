import type { BaseClientOptions, TlsOptions } from '@raywire/core';
import {
  type OptionTable,
  optionNames,
  readOptions,
  refuseTlsBesideRequester,
  tlsOption,
} from '@raywire/core/internal';
import type { RayClientOptions } from '@raywire/ray';
import { FACADE_OPTIONS } from '@raywire/ray/internal';
import {
  DASHBOARD_OPTIONS,
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

const DASHBOARD_CLIENT_OPTIONS = {
  ...FACADE_OPTIONS,
  ...DASHBOARD_OPTIONS,
  tls: tlsOption(),
} satisfies OptionTable<DashboardClientOptions>;

/** What `DashboardClient` takes besides the options of its base. */
export const OWN_OPTIONS: readonly string[] = [...optionNames(DASHBOARD_OPTIONS), 'tls'];

/**
 * @param known the names that the class takes, those that a subclass adds among them
 * @throws {InvalidArgumentError} naming the option and the remedy
 */
export function checkClientOptions(
  options: DashboardClientOptions,
  known: readonly string[],
): { given: DashboardClientOptions; backend: DashboardBackend } {
  const checked = readOptions(DASHBOARD_CLIENT_OPTIONS, options, 'new DashboardClient', known);
  const { address, token, tokenHeader, nodeAgents, ...given } = checked;
  refuseTlsBesideRequester(given, 'new DashboardClient');
  return { given, backend: dashboardBackend({ address, token, tokenHeader, nodeAgents }) };
}
