import type { HttpRequester } from '@raywire/core';

/** What `httpTransport` can be told. */
export interface HttpTransportOptions {
  /**
   * Sends the requests; its owner closes it. Default: one of the transport's own, undici in Node and `fetch`
   * elsewhere, which `close()` ends.
   */
  requester?: HttpRequester;
}
