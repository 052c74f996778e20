import type { TlsOptions } from '@raywire/core';
import { count, type OptionKind, type OptionTable } from '@raywire/core/internal';

/** What `webSocketTransport` can be told. */
export interface WebSocketTransportOptions {
  /**
   * How much may wait for a slow reader, in bytes (with 64 more a message). Past it Node, Bun and Deno stop the
   * socket until the reader has caught up (default 256 KiB); a browser cannot, and ends the connection with a
   * `ClientError` of code `BUFFER_OVERFLOW` (default 4 MiB).
   */
  bufferBytes?: number | undefined;
  /** How `wss:` servers are trusted, and who we are to them. Node only. */
  tls?: TlsOptions | undefined;
}

/** The table of `WebSocketTransportOptions`, with what differs by the runtime. */
export const webSocketTransportOptions = (
  bufferBytes: number,
  tls: OptionKind<TlsOptions, undefined>,
): OptionTable<WebSocketTransportOptions, 'bufferBytes'> => ({ bufferBytes: count({}, bufferBytes), tls });
