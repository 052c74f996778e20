import { InvalidArgumentError } from '@raywire/core';

/** The sort key of a row: rows are in the order of their keys. */
export type RowKey = readonly (string | number)[];

/** A list that has cursors. */
export interface CursorList {
  /** Its name, for messages. */
  readonly list: string;
  /** The types of its keys' parts. */
  readonly shape: readonly ('string' | 'number')[];
}

/** A place in a list. */
export interface ListPlace {
  /** The key of the last row before it. */
  readonly after: RowKey;
  /** Of the rows with this key, those before the place, by what tells them apart. */
  readonly seen: readonly (string | number)[];
}

/** Writes a place in a list as one string, for `next`. */
export function encodeListCursor({ list }: CursorList, { after, seen }: ListPlace): string {
  return btoa(encodeURIComponent(JSON.stringify([list, after, seen])));
}

/**
 * Reads a cursor.
 *
 * @throws {InvalidArgumentError} when it is not a cursor of this list
 */
export function decodeListCursor({ list, shape }: CursorList, cursor: string): ListPlace {
  const [name, after, seen] = parse(cursor);
  // A gateway and a cluster have different keys for the same list.
  const isOurs = isKey(after) && String(after.map((part) => typeof part)) === String(shape);
  if (name === list && isOurs && isKey(seen)) return { after, seen };
  throw new InvalidArgumentError({
    code: 'INVALID_CURSOR',
    message: `cursor is not one of a list of ${list}. Pass the next of an earlier Listing of the same list, as it was.`,
  });
}

function parse(cursor: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(decodeURIComponent(atob(cursor)));
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    // Not of our making: refused like any other.
    return [];
  }
}

function isKey(value: unknown): value is RowKey {
  return Array.isArray(value) && value.every((part) => typeof part === 'string' || Number.isFinite(part));
}
