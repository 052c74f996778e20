import type { CallOptions } from '@raywire/core';
import { CALL_OPTIONS, count, flag, kind, type OptionTable, readOptions } from '@raywire/core/internal';

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

/** Ray answers 400 above it. */
export const MAX_ROWS = 10_000;

/** The table of `StateListOptions`. */
export const STATE_OPTIONS: OptionTable<StateListOptions, 'limit' | 'detail'> = {
  ...CALL_OPTIONS,
  filters: kind(
    "conditions such as [['state', '=', 'RUNNING']] or an object such as { state: 'RUNNING' }",
    (value) => typeof value === 'object' && value !== null && conditionsOf(value as []).every(isCondition),
  ),
  limit: count({ max: MAX_ROWS }, MAX_ROWS),
  detail: flag(false),
};

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
  const { filters, limit, detail, ...call } = readOptions(STATE_OPTIONS, options, method);
  return { filters: conditionsOf(filters), limit, detail, call };
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

/** Conditions in the form of Ray's own client. */
export function conditionsOf(filters: StateListOptions['filters'] = []): readonly StateFilter[] {
  return Array.isArray(filters) ? filters : Object.entries(filters).map(([key, value]) => [key, '=', value]);
}

function isCondition(condition: unknown): boolean {
  if (!Array.isArray(condition)) return false;
  const [key, predicate, value] = condition;
  const isScalar = ['string', 'number', 'boolean'].includes(typeof value);
  return typeof key === 'string' && key !== '' && (predicate === '=' || predicate === '!=') && isScalar;
}
