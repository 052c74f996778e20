import type { HttpRequester, TlsOptions } from '@raywire/core';

/** What `httpTransport` can be told. */
export interface HttpTransportOptions {
  /**
   * Sends the requests; its owner closes it. Default: one of the transport's own, undici in Node and `fetch`
   * elsewhere, which `close()` ends.
   */
  requester?: HttpRequester | undefined;
  /** How `https:` servers are trusted, and who we are to them. Node only, and not with a `requester`. */
  tls?: TlsOptions | undefined;
}
