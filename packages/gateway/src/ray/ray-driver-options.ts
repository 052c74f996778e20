import { InvalidArgumentError, type TlsOptions } from '@raywire/core';
import { assertKnownOptions, describeInput } from '@raywire/core/internal';
import type { DashboardBackendOptions } from '@raywire/dashboard';

/** What `rayDriver` takes: where the cluster is, its token, and how much of its logs may be on this disk. */
export interface RayDriverOptions extends Omit<DashboardBackendOptions, 'heartbeat'> {
  /** How an `https:` dashboard is trusted, and who the gateway is to it. */
  tls?: TlsOptions | undefined;
  /** Where logs are spooled; default: the system's folder for temporary files. */
  spoolDirectory?: string | undefined;
  /** How much of one log is spooled, at most. Bytes, default 1 GiB, and never below 512 KiB; what is older is read from the cluster again. */
  maxSpoolBytes?: number | undefined;
  /** How long a log is followed after its last viewer has left. Milliseconds, default 10_000. */
  lingerMs?: number | undefined;
  /** How long a cluster that does not answer is waited for in mid-tail. Milliseconds, default 600_000. */
  giveUpAfterMs?: number | undefined;
}

const KNOWN = [
  'address',
  'token',
  'tokenHeader',
  'nodeAgents',
  'tls',
  'spoolDirectory',
  'maxSpoolBytes',
  'lingerMs',
  'giveUpAfterMs',
] satisfies (keyof RayDriverOptions)[];

/** @throws {InvalidArgumentError} naming the option that cannot be used; those of the dashboard check themselves */
export function checkRayDriverOptions(options: RayDriverOptions): void {
  assertKnownOptions(options, KNOWN, 'rayDriver');
  const { spoolDirectory } = options;
  if (spoolDirectory !== undefined && (typeof spoolDirectory !== 'string' || spoolDirectory === '')) {
    throw new InvalidArgumentError({
      message: `spoolDirectory must be the path of a folder, but it is ${describeInput(spoolDirectory)}.`,
    });
  }
  for (const name of ['maxSpoolBytes', 'lingerMs', 'giveUpAfterMs'] as const) {
    const value = options[name];
    if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) continue;
    throw new InvalidArgumentError({
      message: `${name} must be a whole number of at least 0, but it is ${describeInput(value)}.`,
    });
  }
}
