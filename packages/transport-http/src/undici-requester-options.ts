import type { TlsOptions } from '@raywire/core';
import type { OptionKind, OptionTable } from '@raywire/core/internal';

/** What `undiciRequester` can be told. */
export interface UndiciRequesterOptions {
  /** How `https:` servers are trusted, and who we are to them. Node only. */
  tls?: TlsOptions | undefined;
}

/** The table of `UndiciRequesterOptions`. */
export const undiciRequesterOptions = (
  tls: OptionKind<TlsOptions, undefined>,
): OptionTable<UndiciRequesterOptions> => ({ tls });
