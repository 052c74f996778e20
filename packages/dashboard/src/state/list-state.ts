import {
  type ApiClient,
  BrowserTrafficBlockedError,
  type CallOptions,
  HTTPError,
  NotFoundError,
  ServerError,
  UnsupportedByServerError,
  ValidationError,
} from '@raywire/core';
import { type Job, Listing } from '@raywire/ray';
import { withJobId } from '@raywire/ray/internal';
import type { StateResource } from './state-columns.js';
import { type CheckedStateOptions, type StateFilter, stateQuery } from './state-options.js';

const MALFORMED_ID = /odd-length string|non-hexadecimal|ID string needs to have length/i;

/** Ray's own envelope around a list. */
interface StateAnswer {
  result?: boolean;
  msg?: string;
  data?: {
    result?: {
      total?: number;
      num_after_truncation?: number;
      num_filtered?: number;
      result?: unknown;
      partial_failure_warning?: string | null;
      warnings?: readonly string[] | null;
    };
  };
}

/**
 * One call of the State API. What the server left out, and what it warned of, is in the page.
 *
 * @throws {ValidationError} for a filter that Ray does not know
 * @throws {UnsupportedByServerError} when this Ray has no such list
 */
export async function listState<T>(
  api: ApiClient,
  resource: StateResource,
  options: CheckedStateOptions,
): Promise<Listing<T>> {
  const path = `api/v0/${resource}${stateQuery(options)}`;
  const { data } = await api
    .request<StateAnswer>({ path, ...options.call })
    .catch((error: unknown) => failOnFilter(error))
    .catch((error: unknown) => explainMissingRoute(error, `The State API (GET api/v0/${resource})`, '2.0'));
  const list = data?.data?.result;
  if (!Array.isArray(list?.result)) {
    throw new ServerError({
      statusCode: 502,
      code: 'UNEXPECTED_RESPONSE',
      message: `The answer of api/v0/${resource} is not that of Ray's State API. Is the address that of a Ray dashboard?`,
      detail: data?.msg,
    });
  }
  const items = list.result as T[];
  const { total = items.length, num_after_truncation = total, num_filtered = items.length } = list;
  // Ray truncates before it filters: beyond its 10,000 rows nobody knows how many would have matched.
  const cut = num_after_truncation < total && !isFilteredAtSource(resource, options.filters);
  const warnings = [
    ...(list.partial_failure_warning ? [list.partial_failure_warning] : []),
    ...(list.warnings ?? []),
  ];
  if (cut) warnings.push(`Ray looked at ${num_after_truncation} of ${total} rows only; narrow the filters.`);
  return new Listing({
    items,
    total: options.filters.length === 0 ? Math.max(total, items.length) : num_filtered,
    truncated: cut || num_filtered > items.length || Boolean(list.partial_failure_warning),
    warnings,
  });
}

/** The jobs of the State API, each with its `id`. */
export async function listStateOfJobs(api: ApiClient, options: CheckedStateOptions): Promise<Listing<Job>> {
  const { items, ...rest } = await listState<Job>(api, 'jobs', options);
  return new Listing({ ...rest, items: items.map(withJobId) });
}

/** Ray 2.60 counts the nodes and workers that these filters leave out as if it had truncated them. */
function isFilteredAtSource(resource: StateResource, filters: readonly StateFilter[]): boolean {
  return filters.some(([key, predicate, value]) => {
    const condition = `${key} ${predicate} ${value}`;
    if (resource === 'nodes') return /^(node_id|state|node_name) = /.test(condition);
    return resource === 'workers' && /^(is_alive = True|num_paused_threads != 0)$/.test(condition);
  });
}

/**
 * The rows of one ID, with all columns.
 *
 * @throws {NotFoundError} when there is none: Ray itself answers with an empty list
 */
export async function getStateRows<T>(
  api: ApiClient,
  query: { resource: StateResource; key: string; id: string; kind: string },
  call: CallOptions,
): Promise<readonly [T, ...T[]]> {
  const filters: StateFilter[] = [[query.key, '=', query.id]];
  const options = { filters, limit: 100, detail: true, call };
  const page = await listState<T>(api, query.resource, options).catch((error: unknown) =>
    failOnMalformedId(error, query),
  );
  const [first, ...others] = page.items;
  if (first === undefined) {
    const doubt = page.warnings.length === 0 ? '' : ` (${page.warnings.join(' ')})`;
    throw new NotFoundError({
      message: `There is no ${query.kind} ${JSON.stringify(query.id)} on this cluster${doubt}.`,
    });
  }
  return [first, ...others];
}

/** Ray answers 400 to an ID that is not hexadecimal or not of its length: nothing has it. @throws always */
function failOnMalformedId(error: unknown, { kind, id }: { kind: string; id: string }): never {
  if (!ValidationError.isInstance(error) || !MALFORMED_ID.test(String(error.message))) throw error;
  throw new NotFoundError({
    message: `There is no ${kind} ${JSON.stringify(id)} on this cluster: Ray's IDs are hexadecimal and of one length.`,
    cause: error,
  });
}

/** Ray 2.40 answers 500 to a filter that it does not know; newer ones 400. @throws always */
function failOnFilter(error: unknown): never {
  if (ServerError.isInstance(error) && /filter column \S+ is not supported/i.test(error.message)) {
    throw new ValidationError({
      statusCode: 400,
      message: error.message,
      detail: error.detail,
      cause: error,
    });
  }
  throw error;
}

/**
 * A 404 of a route, not of a resource, is an older Ray's. (So is a 405, unless Ray takes us for a browser.)
 *
 * @throws always
 */
export function explainMissingRoute(error: unknown, what: string, version: string): never {
  const isMissing =
    HTTPError.isInstance(error) &&
    (error.statusCode === 404 || (error.statusCode === 405 && !BrowserTrafficBlockedError.isInstance(error)));
  if (isMissing) {
    throw new UnsupportedByServerError({
      message: `${what} is not there: it needs Ray ${version} or later, and an address that is a Ray dashboard's.`,
      cause: error,
    });
  }
  throw error;
}
