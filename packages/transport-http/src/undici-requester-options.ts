import type { TlsOptions } from '@raywire/core';

/** What `undiciRequester` can be told. */
export interface UndiciRequesterOptions {
  /** How `https:` servers are trusted, and who we are to them. Node only. */
  tls?: TlsOptions | undefined;
}
