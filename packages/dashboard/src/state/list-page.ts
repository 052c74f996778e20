import type { ApiClient } from '@raywire/core';
import { type Job, type Listing, type ListOrder, type PageQuery, pageRows } from '@raywire/ray';
import {
  conditionsOf,
  JOB_ORDER,
  LIST_JOBS_OPTIONS,
  type ListFilters,
  PAGE_OPTIONS,
} from '@raywire/ray/internal';
import { listAllJobs } from '../job-operations.js';
import { listState, listStateOfJobs } from './list-state.js';
import {
  type CheckedPageOptions,
  checkPageOptions,
  type DashboardListJobsOptions,
  type StatePageOptions,
} from './page-options.js';
import type { StateResource } from './state-columns.js';
import { MAX_ROWS, type StateFilter } from './state-options.js';
import type { Actor, PlacementGroup, Worker } from './state-rows.js';

/**
 * Jobs, the newest first where they are paged. Ray has no pages of jobs: each is cut from all of them.
 *
 * @throws {InvalidArgumentError} for a bad option
 */
export async function listJobs(
  api: ApiClient,
  options: DashboardListJobsOptions | undefined,
): Promise<Listing<Job>> {
  const checked = checkPageOptions<DashboardListJobsOptions>(LIST_JOBS_OPTIONS, options, 'listJobs');
  const isPlain = checked.filters.length === 0 && !checked.detail;
  const jobs = isPlain
    ? await listAllJobs(api, checked.call)
    : await listStateOfJobs(api, { ...checked, limit: MAX_ROWS });
  return pageRows(jobs, checked.query, JOB_ORDER);
}

/** A list of the State API that is paged by ID. Ray sorts it alike. */
export interface IdOrder<Row> extends ListOrder<Row> {
  readonly resource: StateResource;
}

/** Pages of actors. */
export const ACTORS: IdOrder<Actor> = {
  resource: 'actors',
  list: 'actors',
  shape: ['string'],
  key: ({ actor_id: id }) => [id],
};

/** Pages of workers. */
export const WORKERS: IdOrder<Worker> = {
  resource: 'workers',
  list: 'workers',
  shape: ['string'],
  key: ({ worker_id: id }) => [id],
};

/** Pages of placement groups. */
export const PLACEMENT_GROUPS: IdOrder<PlacementGroup> = {
  resource: 'placement_groups',
  list: 'placement groups',
  shape: ['string'],
  key: ({ placement_group_id: id }) => [id],
};

/** @throws {InvalidArgumentError} for a bad option */
export async function listById<Row extends object>(
  api: ApiClient,
  order: IdOrder<Row>,
  options: StatePageOptions | undefined,
  method: string,
): Promise<Listing<Row>> {
  const checked = checkPageOptions<StatePageOptions>(PAGE_OPTIONS, options, method);
  return listStatePage(api, order.resource, checked, order);
}

/**
 * Rows of the State API. What it can filter by, it does; the rest is filtered here. A first page is cut by Ray, which
 * sorts by ID; a later one is cut here from all rows.
 *
 * @throws {InvalidArgumentError} when the cursor is not one of this list
 */
export async function listStatePage<Row extends object>(
  api: ApiClient,
  resource: StateResource,
  { query, ...state }: Omit<CheckedPageOptions<object>, 'query'> & { query: PageQuery & ListFilters },
  order: ListOrder<Row>,
): Promise<Listing<Row>> {
  const { limit = MAX_ROWS, cursor, ...others } = query;
  const filters: StateFilter[] = [...state.filters];
  const conditions = conditionsOf(others);
  for (const condition of conditions) {
    const [value, ...further] = 'anyOf' in condition ? condition.anyOf : [];
    if (value !== undefined && further.length === 0) filters.push([condition.field, '=', value]);
  }
  const isFiltered = filters.length === state.filters.length + conditions.length;
  const isCut = isFiltered && cursor === undefined && limit < MAX_ROWS;
  const rows = await listState<Row>(api, resource, { ...state, filters, limit: isCut ? limit : MAX_ROWS });
  const { items, total, truncated, warnings } = rows;
  // With a filter of ours as well, nobody knows how many of the others would have met it.
  const unseen = isFiltered ? total - items.length : 0;
  return pageRows(
    { items, unseen, more: isCut && unseen > 0 && items.length === limit, truncated, warnings },
    query,
    order,
  );
}
