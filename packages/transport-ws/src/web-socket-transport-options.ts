import type { TlsOptions } from '@raywire/core';
import { count, type OptionKind, type OptionTable, readOptions } from '@raywire/core/internal';

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

/**
 * Checks what every runtime takes.
 *
 * @throws {InvalidArgumentError} naming the option that cannot be used
 */
export function checkWebSocketTransportOptions(
  options: WebSocketTransportOptions,
  defaultBufferBytes: number,
  tls: OptionKind<TlsOptions, undefined>,
): { bufferBytes: number; tls?: TlsOptions } {
  const table = {
    bufferBytes: count({}, defaultBufferBytes),
    tls,
  } satisfies OptionTable<WebSocketTransportOptions>;
  return readOptions(table, options, 'webSocketTransport');
}
