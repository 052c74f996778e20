import { type CallOptions, InvalidArgumentError } from '@raywire/core';
import { assertKnownOptions, describeInput } from '@raywire/core/internal';
import { withCallOptions } from '@raywire/ray/internal';

/** The value that a column is compared with. */
type FilterValue = string | number | boolean;

/** One condition on a column of the State API, as in Ray's own client: `['state', '!=', 'FINISHED']`. */
export type StateFilter<Column extends string = string> = readonly [
  key: Column | (string & {}),
  predicate: '=' | '!=',
  value: FilterValue,
];

/**
 * What a list may be narrowed to; the server does it.
 *
 * @typeParam Column the columns that Ray filters by; others can be given, and Ray refuses those that it does not have
 */
export interface StateListOptions<Column extends string = string> extends CallOptions {
  /** All must hold: an array of conditions, or an object of equalities (`{ state: 'RUNNING' }`). */
  filters?:
    | readonly StateFilter<Column>[]
    | Readonly<Partial<Record<Column, FilterValue>> & Record<string, FilterValue>>
    | undefined;
  /** At most so many rows, 1 to 10_000. Default 10_000, Ray's own maximum. */
  limit?: number | undefined;
  /** All columns, which costs the cluster more. Default false. */
  detail?: boolean | undefined;
}

/** What each list takes. */
export const STATE_OPTIONS: readonly string[] = withCallOptions(['filters', 'limit', 'detail']);

/** Ray answers 400 above it. */
export const MAX_ROWS = 10_000;

/** The options of a list, checked, apart from those of the call. */
export interface CheckedStateOptions {
  filters: readonly StateFilter[];
  limit: number;
  detail: boolean;
  call: CallOptions;
}

/** @throws {InvalidArgumentError} naming the option and the remedy */
export function checkStateOptions(
  options: StateListOptions | undefined,
  method: string,
): CheckedStateOptions {
  assertKnownOptions(options, STATE_OPTIONS, method);
  const { filters = [], limit = MAX_ROWS, detail = false, ...call } = options ?? {};
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= MAX_ROWS)) {
    throw invalid(`limit must be a whole number from 1 to ${MAX_ROWS}, but it is ${describeInput(limit)}.`);
  }
  if (typeof detail !== 'boolean')
    throw invalid(`detail must be a boolean, but it is ${describeInput(detail)}.`);
  return { filters: checkFilters(filters), limit, detail, call };
}

/** The query of a State API call, with its leading `?`. */
export function stateQuery({ filters, limit, detail }: Omit<CheckedStateOptions, 'call'>): string {
  const query = new URLSearchParams({ limit: String(limit), detail: detail ? '1' : '0' });
  for (const [key, predicate, value] of filters) {
    query.append('filter_keys', key);
    query.append('filter_predicates', predicate);
    query.append('filter_values', String(value));
  }
  return `?${query}`;
}

function checkFilters(filters: NonNullable<StateListOptions['filters']>): readonly StateFilter[] {
  if (typeof filters !== 'object' || filters === null) throw invalidFilters(filters);
  const conditions: readonly StateFilter[] = Array.isArray(filters)
    ? filters
    : Object.entries(filters).map(([key, value]) => [key, '=', value] as const);
  for (const condition of conditions) {
    const [key, predicate, value] = Array.isArray(condition) ? condition : [];
    const isScalar = ['string', 'number', 'boolean'].includes(typeof value);
    if (typeof key !== 'string' || key === '' || (predicate !== '=' && predicate !== '!=') || !isScalar) {
      throw invalidFilters(condition);
    }
  }
  return conditions;
}

function invalidFilters(given: unknown): InvalidArgumentError {
  return invalid(
    `filters must be conditions such as [['state', '=', 'RUNNING']] or an object such as { state: 'RUNNING' }, but there is ${describeInput(given)}.`,
  );
}

function invalid(message: string): InvalidArgumentError {
  return new InvalidArgumentError({ message });
}
