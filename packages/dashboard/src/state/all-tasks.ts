import { type ApiClient, UnsupportedByServerError } from '@raywire/core';
import type { Page, Task } from '@raywire/ray';
import { listState } from './list-state.js';
import { type CheckedStateOptions, MAX_ROWS, type StateFilter } from './state-options.js';

/** Ray applies these filters before it truncates, so that each value has 10,000 rows of its own. */
const SPLIT_COLUMNS = ['job_id', 'state', 'name'] as const;

/** Past its own rows, what could not be listed. */
export interface IncompleteTasks {
  /** Which tasks are meant. */
  filters: readonly StateFilter[];
  /** Of the rows that Ray looked at, how many there are. */
  total: number;
  /** How many of them were listed. */
  listed: number;
}

/**
 * All tasks, past the 10,000 rows of one call: a list that Ray cuts short is split by job, then by state, then by
 * name. What no split makes short enough is told to `onIncomplete`; a task is never given twice.
 *
 * @throws {ClientError} as the server and the network say
 */
export async function* allTasks(
  api: ApiClient,
  options: CheckedStateOptions,
  onIncomplete: (missing: IncompleteTasks) => void,
): AsyncGenerator<Task, void, void> {
  const seen = new Set<string>();
  yield* list(options.filters, await listTasks(api, options, options.filters));

  async function* list(filters: readonly StateFilter[], page: Page<Task>): AsyncGenerator<Task, void, void> {
    for (const task of page) {
      const key = `${task.task_id}/${String(task.attempt_number ?? 0)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      yield task;
    }
    if (!page.truncated) return;
    const column = SPLIT_COLUMNS.find(
      (name) => !filters.some(([key, predicate]) => key === name && predicate === '='),
    );
    if (column === undefined) {
      onIncomplete({ filters, total: page.total, listed: page.length });
      return;
    }
    const values = await valuesOf(api, column, page, options);
    for (const value of values) {
      const narrowed: StateFilter[] = [...filters, [column, '=', value]];
      yield* list(narrowed, await listTasks(api, options, narrowed));
    }
    // Rows with a value that nobody named yet.
    const others: StateFilter[] = [...filters, ...values.map((value): StateFilter => [column, '!=', value])];
    const rest = await listTasks(api, options, others);
    for (const task of rest) {
      const key = `${task.task_id}/${String(task.attempt_number ?? 0)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      yield task;
    }
    if (rest.truncated) onIncomplete({ filters: others, total: rest.total, listed: rest.length });
  }
}

function listTasks(
  api: ApiClient,
  options: CheckedStateOptions,
  filters: readonly StateFilter[],
): Promise<Page<Task>> {
  return listState<Task>(api, 'tasks', { ...options, filters, limit: MAX_ROWS });
}

async function valuesOf(
  api: ApiClient,
  column: (typeof SPLIT_COLUMNS)[number],
  page: Page<Task>,
  options: CheckedStateOptions,
): Promise<string[]> {
  const values = new Set<string>();
  for (const task of page) if (typeof task[column] === 'string') values.add(task[column]);
  if (column === 'job_id') {
    const filters: StateFilter[] = [];
    const jobs = await listState<{ job_id?: string | null }>(api, 'jobs', {
      ...options,
      filters,
      limit: MAX_ROWS,
    });
    for (const { job_id } of jobs) if (typeof job_id === 'string') values.add(job_id);
  }
  return [...values];
}

/** What is done about it where nobody asked to be told. @throws {UnsupportedByServerError} always */
export function failIncomplete({ filters, listed }: IncompleteTasks): never {
  const where =
    filters.map(([key, predicate, value]) => `${key} ${predicate} ${value}`).join(', ') || 'no filter';
  throw new UnsupportedByServerError({
    message: `Ray does not tell all tasks for ${where} (it told ${listed}), and they cannot be split further. Narrow the filters, or pass onIncomplete to go on without the rest.`,
  });
}
