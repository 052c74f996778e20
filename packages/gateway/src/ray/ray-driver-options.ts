import type { TlsOptions } from '@raywire/core';
import { count, type OptionTable, readOptions, text, tlsOption } from '@raywire/core/internal';
import type { DashboardBackendOptions } from '@raywire/dashboard';
import { DASHBOARD_OPTIONS } from '@raywire/dashboard/internal';

/** What `rayDriver` takes: where the cluster is, its token, and how much of its logs may be on this disk. */
export interface RayDriverOptions extends DashboardBackendOptions {
  /** How an `https:` dashboard is trusted, and who the gateway is to it. */
  tls?: TlsOptions | undefined;
  /** Where logs are spooled, without names; made if it is not there. Default: the system's folder for temporary files. */
  spoolDirectory?: string | undefined;
  /** How much of one log is spooled, at most. Bytes, default 1 GiB, and never below 512 KiB; what is older is read from the cluster again. */
  maxSpoolBytes?: number | undefined;
  /** How much of all logs together is spooled, at most. Bytes, default 8 GiB, and never below 512 KiB; the oldest goes first. */
  maxTotalSpoolBytes?: number | undefined;
  /** How long a log is followed after its last viewer has left. Milliseconds, default 10_000. */
  lingerMs?: number | undefined;
  /** How long a cluster that does not answer is waited for in mid-tail. Milliseconds, default 600_000. */
  giveUpAfterMs?: number | undefined;
}

const RAY_DRIVER_OPTIONS = {
  ...DASHBOARD_OPTIONS,
  tls: tlsOption(),
  spoolDirectory: text('the path of a folder'),
  maxSpoolBytes: count({ min: 0 }),
  maxTotalSpoolBytes: count({ min: 0 }),
  lingerMs: count({ min: 0 }),
  giveUpAfterMs: count({ min: 0 }),
} satisfies OptionTable<RayDriverOptions>;

/** @throws {InvalidArgumentError} naming the option that cannot be used */
export function checkRayDriverOptions(options: RayDriverOptions): RayDriverOptions {
  return readOptions(RAY_DRIVER_OPTIONS, options, 'rayDriver');
}
