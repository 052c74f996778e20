import { conditionsOf, type ListFilters, meetsAll } from './list-conditions.js';
import {
  type CursorList,
  decodeListCursor,
  encodeListCursor,
  type ListPlace,
  type RowKey,
} from './list-cursor.js';
import type { PageQuery } from './list-queries.js';
import { Listing } from './listing.js';

/** The order in which a list is paged. A key does not change while its row is there. */
export interface ListOrder<Row> extends CursorList {
  key(row: Row): RowKey;
  /** Tells rows with the same key apart. Default: there are none. */
  tie?(row: Row): string | number;
}

/** Rows as they came from a server. */
export interface SourceRows<Row> {
  readonly items: readonly Row[];
  /** How many more there are that the server has left out. Default 0. */
  readonly unseen?: number;
  /** They come with the next page: the server was requested to leave them out. Default false. */
  readonly more?: boolean;
  /** The server has left out rows, for whatever reason. Default false. */
  readonly truncated?: boolean;
  readonly warnings?: readonly string[];
}

/**
 * Filters and pages rows of which all are here. Without `limit` and `cursor` they keep their order.
 *
 * @throws {InvalidArgumentError} when the cursor is not one of this list
 */
export function pageRows<Row extends object>(
  { items, unseen = 0, more = false, truncated = false, warnings }: SourceRows<Row>,
  { limit, cursor, ...filters }: PageQuery & ListFilters,
  order: ListOrder<Row>,
): Listing<Row> {
  const conditions = conditionsOf(filters);
  const matching = conditions.length === 0 ? items : items.filter((row) => meetsAll(row, conditions));
  const total = matching.length + unseen;
  if (limit === undefined && cursor === undefined)
    return new Listing({ items: matching, total, truncated, warnings });
  const place = cursor === undefined ? undefined : decodeListCursor(order, cursor);
  const rest = matching
    .map((row) => ({ row, key: order.key(row) }))
    .filter(({ row, key }) => place === undefined || isAfter(row, key, place, order))
    .sort((a, b) => compareKeys(a.key, b.key));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const hasMore = more || rest.length > page.length;
  const next = hasMore && last !== undefined ? cursorAfter(page, last.key, place, order) : undefined;
  return new Listing({
    items: page.map(({ row }) => row),
    total,
    next,
    truncated: truncated || hasMore,
    warnings,
  });
}

function isAfter<Row>(row: Row, key: RowKey, place: ListPlace, { tie }: ListOrder<Row>): boolean {
  const difference = compareKeys(key, place.after);
  return difference > 0 || (difference === 0 && tie !== undefined && !place.seen.includes(tie(row)));
}

function cursorAfter<Row>(
  page: readonly { row: Row; key: RowKey }[],
  after: RowKey,
  place: ListPlace | undefined,
  order: ListOrder<Row>,
): string {
  const { tie } = order;
  if (tie === undefined) return encodeListCursor(order, { after, seen: [] });
  const equals = page.filter(({ key }) => compareKeys(key, after) === 0).map(({ row }) => tie(row));
  const before = place !== undefined && compareKeys(place.after, after) === 0 ? place.seen : [];
  return encodeListCursor(order, { after, seen: [...before, ...equals] });
}

function compareKeys(a: RowKey, b: RowKey): number {
  for (let index = 0; index < a.length; index++) {
    const [left, right] = [a[index] as string, b[index] as string];
    if (left < right) return -1;
    if (left > right) return 1;
  }
  return 0;
}
