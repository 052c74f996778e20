import type { CallOptions } from '@raywire/core';
import { type AnyOptionTable, optionNames, readOptions } from '@raywire/core/internal';
import type { ListJobsOptions, ListNodesOptions, ListTasksOptions } from '@raywire/ray';
import type { StateColumns } from './state-columns.js';
import {
  type CheckedStateOptions,
  conditionsOf,
  STATE_OPTIONS,
  type StateListOptions,
} from './state-options.js';

type StateFilters<Column extends string> = Pick<StateListOptions<Column>, 'filters' | 'detail'>;

/** Options of `listJobs` on a dashboard. With `filters` or `detail` it is the list of Ray's State API. */
export interface DashboardListJobsOptions extends ListJobsOptions, StateFilters<StateColumns['jobs']> {}

/** Options of `listNodes` on a dashboard. */
export interface DashboardListNodesOptions extends ListNodesOptions, StateFilters<StateColumns['nodes']> {}

/** Options of `listTasks` on a dashboard. */
export interface DashboardListTasksOptions extends ListTasksOptions, StateFilters<StateColumns['tasks']> {}

/** Options of a list of the State API that has pages. */
export interface StatePageOptions<Column extends string = string> extends StateListOptions<Column> {
  /** The `next` of an earlier `Listing` of the same list: the rows after its last one. */
  cursor?: string | undefined;
}

/** Checked options of a list: those of the State API, the query that every client takes, and those of the call. */
export interface CheckedPageOptions<Options> extends Omit<CheckedStateOptions, 'limit'> {
  query: Omit<Options, keyof CallOptions>;
}

const { filters: FILTERS, detail: DETAIL } = STATE_OPTIONS;
const STATE_FILTERS = { filters: FILTERS, detail: DETAIL };

/**
 * @param table that of the list of every client
 * @throws {InvalidArgumentError} naming the option and the remedy
 */
export function checkPageOptions<Options extends CallOptions>(
  table: AnyOptionTable,
  given: (Options & StateFilters<string>) | undefined,
  method: string,
): CheckedPageOptions<Options> {
  const { filters, detail } = readOptions(STATE_FILTERS, given, method, optionNames(table));
  const options = readOptions(table, given, method, optionNames(STATE_FILTERS)) as Options;
  const { signal, headers, timeoutMs, maxRetries, ...query } = options;
  return { filters: conditionsOf(filters), detail, query, call: { signal, headers, timeoutMs, maxRetries } };
}
