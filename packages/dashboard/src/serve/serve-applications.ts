import {
  type ApiClient,
  type CallOptions,
  InvalidArgumentError,
  NotFoundError,
  ServerError,
} from '@raywire/core';
import {
  type Listing,
  type ListServeApplicationsOptions,
  pageRows,
  type ServeApplication,
} from '@raywire/ray';
import { SERVE_APPLICATION_ORDER } from '@raywire/ray/internal';
import { explainMissingRoute } from '../state/list-state.js';

/** Ray's own declarative configuration of Serve: `ServeDeploySchema`. */
export interface ServeConfig {
  /** Each with `name`, `route_prefix`, `import_path` and whatever else Ray takes. */
  applications: readonly Record<string, unknown>[];
  [field: string]: unknown;
}

/** What Serve says of itself. */
export interface ServeDetails {
  applications: Record<string, ServeApplication>;
  target_capacity?: number | null;
  proxy_location?: string | null;
}

const SERVE_PATH = 'api/serve/applications/';

/** @throws {UnsupportedByServerError} when this Ray has no such route */
export async function getServeDetails(api: ApiClient, call: CallOptions): Promise<ServeDetails> {
  const { data } = await api
    .request<ServeDetails>({ path: SERVE_PATH, ...call })
    .catch((error: unknown) => explainMissingRoute(error, 'The API of Ray Serve (ray[serve])', '2.8'));
  if (typeof data?.applications === 'object' && data.applications !== null) return data;
  throw new ServerError({
    statusCode: 502,
    code: 'UNEXPECTED_RESPONSE',
    message: `The answer of ${SERVE_PATH} is not that of Ray Serve. Check the address.`,
  });
}

/** The applications; none where Serve does not run. */
export async function listServeApplications(
  api: ApiClient,
  { signal, headers, timeoutMs, maxRetries, ...query }: ListServeApplicationsOptions,
): Promise<Listing<ServeApplication>> {
  const { applications } = await getServeDetails(api, { signal, headers, timeoutMs, maxRetries });
  const items = Object.entries(applications).map(([name, details]) => ({ ...details, name }));
  return pageRows({ items }, query, SERVE_APPLICATION_ORDER);
}

/** @throws {NotFoundError} */
export async function getServeApplication(
  api: ApiClient,
  name: string,
  call: CallOptions,
): Promise<ServeApplication> {
  const { applications } = await getServeDetails(api, call);
  if (Object.hasOwn(applications, name)) return { ...applications[name], name };
  const known = Object.keys(applications).map((other) => JSON.stringify(other));
  throw new NotFoundError({
    message: `There is no Serve application ${JSON.stringify(name)} on this cluster; there ${known.length === 0 ? 'are none' : `is ${known.join(', ')}`}.`,
  });
}

/**
 * Makes the declarative applications those of `config`: the ones that are not in it are deleted, as Ray has it.
 *
 * @throws {InvalidArgumentError} when it is not a configuration
 * @throws {ValidationError} when Ray refuses it
 */
export async function putServeConfig(api: ApiClient, config: ServeConfig, call: CallOptions): Promise<void> {
  if (!Array.isArray(config?.applications)) {
    throw new InvalidArgumentError({
      message:
        "A Serve configuration is Ray's own: { applications: [{ name, route_prefix, import_path, … }] }.",
    });
  }
  // It declares a state: sending it twice declares the same.
  await api.request({
    method: 'PUT',
    path: SERVE_PATH,
    json: config,
    expect: 'none',
    idempotent: true,
    ...call,
  });
}
