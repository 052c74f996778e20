import type { JobQuery, NodeQuery, PageQuery, ServeApplicationQuery, TaskQuery } from './list-queries.js';

/** What one filter requires of a row: a field that is one of these, that has this part, or an entry of the metadata. */
export type ListCondition =
  | { readonly field: string; readonly anyOf: readonly string[] }
  | { readonly field: string; readonly part: string }
  | { readonly field: 'metadata'; readonly key: string; readonly value: string | true };

/** The filters of all lists. */
export type ListFilters = Omit<
  JobQuery & NodeQuery & TaskQuery & ServeApplicationQuery,
  keyof PageQuery | 'state' | 'status'
> & {
  readonly state?: string | readonly string[] | undefined;
  readonly status?: string | readonly string[] | undefined;
};

/** The filters of a query, for whichever list. */
export function conditionsOf(query: ListFilters): ListCondition[] {
  const anyOf = (field: string, values: string | readonly string[] | undefined): ListCondition[] =>
    values === undefined ? [] : [{ field, anyOf: typeof values === 'string' ? [values] : values }];
  const part = (field: string, text: string | undefined): ListCondition[] =>
    text === undefined ? [] : [{ field, part: text }];
  return [
    ...anyOf('status', query.status),
    ...anyOf('state', query.state),
    ...anyOf('job_id', query.jobId),
    ...part('name', query.name),
    ...part('node_name', query.nodeName),
    ...part('entrypoint', query.entrypoint),
    ...Object.entries(query.metadata ?? {}).map(
      ([key, value]): ListCondition => ({ field: 'metadata', key, value }),
    ),
  ];
}

/** Whether a row meets all of them. */
export function meetsAll(row: object, conditions: readonly ListCondition[]): boolean {
  return conditions.every((condition) => {
    const value: unknown = Reflect.get(row, condition.field);
    if ('anyOf' in condition) return condition.anyOf.includes(value as string);
    if ('part' in condition) return typeof value === 'string' && value.includes(condition.part);
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, condition.key)) return false;
    return condition.value === true || Reflect.get(value, condition.key) === condition.value;
  });
}

/** A query as the agent protocol writes it, with its leading `?`; nothing for an empty one. */
export function listParameters({ limit, cursor, ...filters }: PageQuery & ListFilters): string {
  const parameters = new URLSearchParams();
  if (limit !== undefined) parameters.set('limit', String(limit));
  if (cursor !== undefined) parameters.set('cursor', cursor);
  for (const condition of conditionsOf(filters)) {
    if ('anyOf' in condition) for (const value of condition.anyOf) parameters.append(condition.field, value);
    else if ('part' in condition) parameters.append(condition.field, condition.part);
    else if (condition.value === true) parameters.append('metadata_key', condition.key);
    else parameters.append(`metadata.${condition.key}`, condition.value);
  }
  const query = String(parameters);
  return query === '' ? '' : `?${query}`;
}
