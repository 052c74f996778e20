import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestRefused } from '../request-refused.js';
import type { BearerToken } from './bearer-token.js';
import type { HostGuard, OriginGuard } from './host-guard.js';
import type { Tickets } from './tickets.js';

const PREFLIGHT_HEADERS = {
  'access-control-allow-methods': 'GET, POST, DELETE',
  'access-control-allow-headers': 'authorization, content-type, last-event-id, synapse-user, synapse-tenant',
  'access-control-max-age': '600',
};

/** What every request must pass, before its route is looked at. */
export interface RequestGuardOptions {
  hosts: HostGuard;
  origins: OriginGuard;
  token: BearerToken;
  tickets: Tickets;
}

/**
 * The hook that guards all routes, the unknown ones too. In this order: the `Host`, the `Origin`, CORS, and then the
 * token (or, on the handshake of a log, a ticket).
 *
 * @throws {RequestRefused} 421, 403 or 401
 */
export function requestGuard(
  options: RequestGuardOptions,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined> {
  const { hosts, origins, token, tickets } = options;
  return async (request, reply) => {
    const { host, origin, authorization } = request.headers;
    if (!hosts.accepts(host, request.raw.socket.localAddress)) {
      throw new RequestRefused(421, 'This Host is not one of the gateway: list it in allowedHosts');
    }
    if (origin !== undefined) {
      if (!origins.accepts(origin, host)) {
        throw new RequestRefused(403, 'This Origin may not call the gateway: list it in corsOrigins');
      }
      if (origins.isListed(origin)) {
        reply
          .header('access-control-allow-origin', origin)
          .header('access-control-expose-headers', 'x-raywire-dropped-bytes')
          .header('vary', 'origin');
        // A preflight carries no credentials, and is answered before the token is asked for.
        if (request.method === 'OPTIONS' && 'access-control-request-method' in request.headers) {
          return reply.code(204).headers(PREFLIGHT_HEADERS).send();
        }
      }
    }
    if (token.accepts(authorization)) return undefined;
    if (authorization === undefined && request.ws) {
      const { ticket } = request.query as { ticket?: unknown };
      const { id } = request.params as { id?: unknown };
      if (typeof ticket === 'string' && typeof id === 'string' && tickets.redeem(ticket, id))
        return undefined;
    }
    const detail =
      authorization === undefined
        ? 'A token is required: Authorization: <token>'
        : 'The token in Authorization is not the one of this gateway';
    throw new RequestRefused(401, detail, { 'www-authenticate': 'Bearer' });
  };
}
