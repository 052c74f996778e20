import { InvalidArgumentError, type TlsOptions } from '@raywire/core';
import { assertKnownOptions, describeInput } from '@raywire/core/internal';

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
 * Checks what every runtime takes alike, and gives the bound.
 *
 * @throws {InvalidArgumentError} naming the option that cannot be used
 */
export function bufferBytesOf(options: WebSocketTransportOptions, runtimeDefault: number): number {
  assertKnownOptions(options, ['bufferBytes', 'tls'], 'webSocketTransport');
  const { bufferBytes = runtimeDefault } = options;
  if (Number.isSafeInteger(bufferBytes) && bufferBytes > 0) return bufferBytes;
  throw new InvalidArgumentError({
    message: `bufferBytes must be a whole number above 0, but it is ${describeInput(bufferBytes)}.`,
  });
}
