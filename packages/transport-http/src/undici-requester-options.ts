import type { TlsOptions } from '@raywire/core';
import { type OptionKind, type OptionTable, readOptions } from '@raywire/core/internal';

/** What `undiciRequester` can be told. */
export interface UndiciRequesterOptions {
  /** How `https:` servers are trusted, and who we are to them. Node only. */
  tls?: TlsOptions | undefined;
}

/** @throws {InvalidArgumentError} naming the option that cannot be used */
export function checkUndiciRequesterOptions(
  options: UndiciRequesterOptions,
  tls: OptionKind<TlsOptions, undefined>,
): { tls?: TlsOptions } {
  const table = { tls } satisfies OptionTable<UndiciRequesterOptions>;
  return readOptions(table, options, 'undiciRequester');
}
