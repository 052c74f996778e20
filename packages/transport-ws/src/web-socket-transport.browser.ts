import type { LogTransport } from '@raywire/core';
import { readOptions, refusedTlsOption } from '@raywire/core/internal';
import { openNativeSocket } from './open-native-socket.browser.js';
import { type WebSocketTransportOptions, webSocketTransportOptions } from './web-socket-transport-options.js';

/**
 * The WebSocket transport over the browser's own WebSocket. It cannot set headers (those of the request are left
 * out), cannot tell why a handshake failed, sends no pings and cannot be paused.
 *
 * @throws {InvalidArgumentError} for an unknown or bad option, and for `tls`, which a browser cannot be told
 */
export function webSocketTransport(options: WebSocketTransportOptions = {}): LogTransport {
  const table = webSocketTransportOptions(4 * 1024 * 1024, refusedTlsOption());
  const { bufferBytes } = readOptions(table, options, 'webSocketTransport');
  return {
    contractVersion: 1,
    name: 'websocket',
    wire: 'websocket',
    sendsHeaders: false,
    open: (request) => openNativeSocket(request, bufferBytes),
  };
}
