import type { LogTransport } from '@raywire/core';
import { readOptions, secureSocketOptions, tlsOption } from '@raywire/core/internal';
import { openSocket } from './open-socket.node.js';
import { type WebSocketTransportOptions, webSocketTransportOptions } from './web-socket-transport-options.js';

/**
 * The WebSocket transport: `ws` on Node, Bun and Deno (loaded at the first `open`), the native WebSocket in browsers.
 * A browser sends no headers of our choice: there, the ones of the request are left out, and a ticket in the URL
 * does their work.
 *
 * @throws {InvalidArgumentError} for an unknown or bad option
 * @example
 * ```ts
 * import { webSocketTransport } from '@raywire/transport-ws';
 *
 * const connection = await webSocketTransport().open({
 *   url: 'ws://127.0.0.1:8899/stream',
 *   headers: {},
 *   signal: new AbortController().signal,
 *   connectTimeoutMs: 5_000,
 * });
 * for await (const frame of connection) console.log(frame);
 * ```
 */
export function webSocketTransport(options: WebSocketTransportOptions = {}): LogTransport {
  const table = webSocketTransportOptions(256 * 1024, tlsOption());
  const { bufferBytes, tls } = readOptions(table, options, 'webSocketTransport');
  // Not imported: only few need it, and loading it takes a while.
  const security = secureSocketOptions(tls, (given) =>
    process.getBuiltinModule('node:tls').createSecureContext(given),
  );
  return {
    contractVersion: 1,
    name: 'websocket',
    wire: 'websocket',
    open: (request) => openSocket(request, bufferBytes, security),
  };
}
