import { type ApiClient, UnsupportedByServerError } from '@raywire/core';
import {
  callback,
  type OptionTable,
  type RefusedOptions,
  readOptions,
  refused,
} from '@raywire/core/internal';
import type { Listing, Task } from '@raywire/ray';
import { listState } from './list-state.js';
import type { StateColumns } from './state-columns.js';
import {
  type CheckedStateOptions,
  checkStateOptions,
  MAX_ROWS,
  STATE_OPTIONS,
  type StateFilter,
  type StateListOptions,
  stateQuery,
} from './state-options.js';

/** Ray applies these filters before it truncates, so that each value has 10,000 rows of its own. */
const SPLIT_COLUMNS = ['job_id', 'state', 'name'] as const;

/** Ray's web server takes no request line above 8,190 bytes: so long a query may be once a column was split. */
const LONGEST_QUERY = { job_id: 5_500, state: 6_000, name: 7_500 };

/** Past its own rows, what could not be listed. */
export interface IncompleteTasks {
  /** Which tasks are meant. */
  filters: readonly StateFilter<StateColumns['tasks']>[];
  /** Of the rows that Ray looked at, how many there are. */
  total: number;
  /** How many of them were listed. */
  listed: number;
}

/** Options of `tasks`. */
export interface AllTasksOptions extends Omit<StateListOptions<StateColumns['tasks']>, 'limit'> {
  /** Told of what Ray cuts off and no split makes short enough; without it, that is an error. */
  onIncomplete?: ((missing: IncompleteTasks) => void) | undefined;
}

/** The options of `tasks`, checked. */
export interface CheckedAllTasksOptions extends CheckedStateOptions {
  onIncomplete: (missing: IncompleteTasks) => void;
}

const ALL_TASKS_OPTIONS: OptionTable<AllTasksOptions & RefusedOptions<'limit'>, 'detail' | 'onIncomplete'> = {
  ...STATE_OPTIONS,
  limit: refused('it gives all tasks; listTasks takes a limit.'),
  onIncomplete: callback(failIncomplete),
};

/** @throws {InvalidArgumentError} naming the option and the remedy */
export function checkAllTasksOptions(options: AllTasksOptions | undefined): CheckedAllTasksOptions {
  const { onIncomplete, ...listed } = readOptions(ALL_TASKS_OPTIONS, options, 'tasks');
  return { ...checkStateOptions(listed, 'tasks'), onIncomplete };
}

/**
 * All tasks, past the 10,000 rows of one call: a list that Ray cuts short is split by job, then by state, then by
 * name. What no split makes short enough is told to `onIncomplete`; a task is never given twice.
 *
 * @throws {ClientError} as the server and the network say
 */
export async function* allTasks(
  api: ApiClient,
  options: CheckedAllTasksOptions,
): AsyncGenerator<Task, void, void> {
  const seen = new Set<string>();
  const isFixed = (name: string): boolean =>
    options.filters.some(([key, predicate]) => key === name && predicate === '=');
  yield* list(
    options.filters,
    SPLIT_COLUMNS.filter((name) => !isFixed(name)),
  );

  async function* list(
    filters: readonly StateFilter[],
    columns: readonly (typeof SPLIT_COLUMNS)[number][],
  ): AsyncGenerator<Task, void, void> {
    const query = { ...options, filters, limit: MAX_ROWS };
    const page = await listState<Task>(api, 'tasks', query);
    for (const task of page) {
      const key = `${task.task_id}/${task.attempt_number ?? 0}`;
      if (seen.has(key)) continue;
      seen.add(key);
      yield task;
    }
    if (!page.truncated) return;
    const [column, ...further] = columns;
    if (column === undefined) {
      options.onIncomplete({ filters, total: page.total, listed: page.length });
      return;
    }
    const values: string[] = [];
    let others = filters;
    for (const value of await valuesOf(api, column, page, options)) {
      const narrowed: StateFilter[] = [...others, [column, '!=', value]];
      if (stateQuery({ ...query, filters: narrowed }).length > LONGEST_QUERY[column]) break;
      others = narrowed;
      values.push(value);
    }
    // Rows with other values: those that nobody named yet, and those too many to name.
    yield* list(others, further);
    for (const value of values) yield* list([...filters, [column, '=', value]], further);
  }
}

/** The values of a column, those of many tasks first. */
async function valuesOf(
  api: ApiClient,
  column: (typeof SPLIT_COLUMNS)[number],
  page: Listing<Task>,
  options: CheckedStateOptions,
): Promise<string[]> {
  const counts = new Map<string, number>();
  const count = (value: unknown, rows: number): void => {
    if (typeof value === 'string') counts.set(value, (counts.get(value) ?? 0) + rows);
  };
  for (const task of page) count(task[column], 1);
  if (column === 'job_id') {
    const query = { ...options, filters: [], limit: MAX_ROWS };
    for (const { job_id } of await listState<{ job_id?: string | null }>(api, 'jobs', query))
      count(job_id, 0);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([value]) => value);
}

/** What is done about it where nobody asked to be told. @throws {UnsupportedByServerError} always */
function failIncomplete({ filters, listed }: IncompleteTasks): never {
  const where =
    filters.map(([key, predicate, value]) => `${key} ${predicate} ${value}`).join(', ') || 'no filter';
  throw new UnsupportedByServerError({
    message: `Ray does not tell all tasks for ${where} (it told ${listed}), and they cannot be split further. Narrow the filters, or pass onIncomplete to go on without the rest.`,
  });
}
