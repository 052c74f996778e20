import type { ApiClient } from '@raywire/core';
import type { Job, Listing, PageQuery } from '@raywire/ray';
import {
  conditionsOf,
  JOB_ORDER,
  LIST_JOBS_OPTIONS,
  type ListFilters,
  type ListOrder,
  pageRows,
} from '@raywire/ray/internal';
import { listAllJobs } from '../job-operations.js';
import { listState, listStateOfJobs } from './list-state.js';
import { type CheckedPageOptions, checkPageOptions, type DashboardListJobsOptions } from './page-options.js';
import { MAX_ROWS, type StateFilter } from './state-options.js';

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

/**
 * Rows of the State API. What it can filter by, it does; the rest is filtered here. A first page is cut by Ray, which
 * sorts by ID; a later one is cut here from all rows.
 *
 * @throws {InvalidArgumentError} when the cursor is not one of this list
 */
export async function listStatePage<Row extends object>(
  api: ApiClient,
  resource: 'nodes' | 'tasks',
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
  // With a filter of ours too, nobody knows how many of the others would have met it.
  const unseen = isFiltered ? total - items.length : 0;
  return pageRows({ items, unseen, more: isCut && unseen > 0, truncated, warnings }, query, order);
}
