import type { LogTransport } from '@raywire/core';
import { tlsOption } from '@raywire/core/internal';
import { transportOver } from './http-transport.js';
import type { HttpTransportOptions } from './http-transport-options.js';
import { undiciRequester } from './undici-requester.node.js';

/**
 * The HTTP transport: a `GET` whose body is the log. undici in Node (loaded at the first `open`), `fetch` elsewhere.
 *
 * @throws {InvalidArgumentError} for a bad `tls`
 * @example
 * ```ts
 * import { httpTransport } from '@raywire/transport-http';
 *
 * const transport = httpTransport();
 * const connection = await transport.open({
 *   url: 'http://127.0.0.1:8899/log',
 *   headers: {},
 *   signal: new AbortController().signal,
 *   connectTimeoutMs: 5_000,
 *   range: { start: 4096 },
 * });
 * console.log(connection.status); // 206, or 200 where ranges are not known
 * for await (const chunk of connection) console.log(chunk);
 * await transport.close?.();
 * ```
 */
export function httpTransport(options: HttpTransportOptions = {}): LogTransport {
  return transportOver(options, tlsOption(), (tls) => undiciRequester({ tls }));
}
