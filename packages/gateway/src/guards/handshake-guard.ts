import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { RequestRefused } from '../request-refused.js';

/** Where WebSockets are. */
export const LOG_ROUTE: string = '/jobs/:id/logs/';

/**
 * Whether the `Upgrade` of a request is meant for the gateway. Any other (`h2c`, which curl and some proxies offer
 * with each request) is an offer that a server may leave, and the request is answered as it stands. Node asks from
 * 22.21 and 24.9 on; older ones upgrade whatever asks, and `handshakeGuard` refuses it.
 */
export function isWebSocketUpgrade(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * The hook that lets handshakes through which `ws` will accept, and only where logs are: it would answer the others
 * with a page of HTML.
 *
 * @throws {RequestRefused} 400, 404, 405 or 426
 */
export async function handshakeGuard(request: FastifyRequest): Promise<void> {
  if (!request.ws) return;
  if (!isWebSocketUpgrade(request.raw) || request.routeOptions.url !== LOG_ROUTE) {
    const statusCode = request.is404 ? 404 : 400;
    throw new RequestRefused(statusCode, 'No WebSocket here: logs are at jobs/{id}/logs/');
  }
  if (request.method !== 'GET') {
    throw new RequestRefused(405, 'A WebSocket is opened by GET', { allow: 'GET' });
  }
  if (request.headers['sec-websocket-version'] !== '13') {
    throw new RequestRefused(426, 'The WebSocket must be of version 13', { 'sec-websocket-version': '13' });
  }
  // 16 bytes in base64.
  if (!/^[+/\dA-Za-z]{22}==$/.test(request.headers['sec-websocket-key'] ?? '')) {
    throw new RequestRefused(400, 'Sec-WebSocket-Key must be 16 bytes in base64');
  }
}
