import { assertKnownOptions, type BaseClientOptions } from '@raywire/core';
import type { RayBackend, RayClientOptions } from '@raywire/ray';
import { type DashboardBackendOptions, dashboardBackend } from './dashboard-backend.js';

/** Options of `DashboardClient`. */
export interface DashboardClientOptions
  extends DashboardBackendOptions,
    Omit<BaseClientOptions, 'baseURL' | 'authenticate'>,
    Omit<RayClientOptions, 'backend'> {}

const OWN_OPTIONS = ['address', 'token', 'tokenHeader', 'nodeAgents'];
const NOT_OURS = ['backend', 'baseURL', 'authenticate', 'agentToken', 'userToken', 'tenant'];

/** @throws {InvalidArgumentError} naming the option and the remedy */
export function checkClientOptions(
  options: DashboardClientOptions,
  baseOptions: readonly string[],
): {
  given: DashboardClientOptions;
  backend: RayBackend;
} {
  const known = [...baseOptions.filter((name) => !NOT_OURS.includes(name)), ...OWN_OPTIONS];
  assertKnownOptions(options, known, 'new DashboardClient');
  const { address, token, tokenHeader, nodeAgents, ...given } = options;
  return { given, backend: dashboardBackend({ address, token, tokenHeader, nodeAgents }) };
}
