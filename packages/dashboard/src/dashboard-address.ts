import { InvalidArgumentError } from '@raywire/core';
import {
  checkedBy,
  describeInput,
  type OptionKind,
  parseBaseURL,
  refuseOption,
} from '@raywire/core/internal';
import { readEnvironment } from '#ray-environment';

/** Where a head node serves its dashboard unless it is told otherwise. */
const DEFAULT_ADDRESS = 'http://127.0.0.1:8265';

/** The address of a dashboard, which comes out as a URL. @__NO_SIDE_EFFECTS__ */
export function addressOption(): OptionKind<string, undefined> {
  return checkedBy(toUrl);
}

/**
 * The base URL of a dashboard: the option if there is one, then `RAY_API_SERVER_ADDRESS`, `RAY_ADDRESS`, and the
 * default port of this machine.
 *
 * @param address `http://host:8265`, `host:8265`, with or without a path prefix
 * @throws {InvalidArgumentError} for what is no address of a dashboard, such as `ray://…`
 */
export function dashboardAddress(address: string | undefined): string {
  if (address !== undefined) return toUrl(address, 'address');
  for (const name of ['RAY_API_SERVER_ADDRESS', 'RAY_ADDRESS']) {
    const value = readEnvironment(name);
    // What `ray.init` understands as "the cluster that I am in" says nothing of a dashboard.
    if (value !== undefined && value !== 'auto' && value !== 'local') return toUrl(value, name);
  }
  return DEFAULT_ADDRESS;
}

function toUrl(value: unknown, place: string): string {
  if (typeof value !== 'string' || value.trim() === '') {
    refuseOption(
      `${place} must be the address of a Ray dashboard, such as "http://127.0.0.1:8265", but is ${describeInput(value)}.`,
    );
  }
  const text = value.trim();
  if (/^ray:\/\//i.test(text)) {
    throw new InvalidArgumentError({
      code: 'RAY_CLIENT_ADDRESS',
      message: `${place} begins with ray://, which is the Ray Client protocol of Python (port 10001). DashboardClient speaks HTTP with the dashboard of the same head node: pass "http://<head>:8265".`,
    });
  }
  // `host:8265` would be parsed as a URL of the scheme `host`.
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  parseBaseURL(url, place);
  return url;
}
