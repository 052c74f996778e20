import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestRefused } from '../request-refused.js';
import type { BearerToken } from './bearer-token.js';
import { callerAddress } from './caller-address.js';
import type { HostGuard, OriginGuard } from './host-guard.js';
import type { Tickets } from './tickets.js';
import type { WrongTokens } from './wrong-tokens.js';

const PREFLIGHT_HEADERS = {
  'access-control-allow-methods': 'GET, POST, PUT, DELETE',
  'access-control-allow-headers': 'authorization, content-type, last-event-id, synapse-user, synapse-tenant',
  'access-control-max-age': '600',
};

/** What every request must pass, before its route is looked at. */
export interface RequestGuardOptions {
  hosts: HostGuard;
  origins: OriginGuard;
  token: BearerToken;
  wrongTokens: WrongTokens;
  tickets: Tickets;
}

/**
 * The hook that guards all routes, the unknown ones too. In this order: the `Host`, the `Origin`, CORS, and then the
 * token (or, on the handshake of a log, a ticket).
 *
 * @throws {RequestRefused} 400, 421, 403, 401 or 429
 */
export function requestGuard(
  options: RequestGuardOptions,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined> {
  const { hosts, origins, token, wrongTokens, tickets } = options;
  const guessing = new WeakSet<Socket>();

  const isAuthorized = async (request: FastifyRequest): Promise<boolean> => {
    const { authorization } = request.headers;
    if (token.accepts(authorization)) return true;
    const { socket } = request.raw;
    if (authorization !== undefined) {
      // Requests that follow without waiting for the answer get none: a connection holds at most one of them.
      if (guessing.has(socket)) {
        socket.destroy();
        return false;
      }
      guessing.add(socket);
      const delayMs = wrongTokens.count(callerAddress(socket));
      // A gateway that closes does not wait for this.
      if (delayMs > 0) await delay(delayMs, undefined, { ref: false });
      return false;
    }
    const { ticket } = request.query as { ticket?: unknown };
    const { id } = request.params as { id?: unknown };
    const route = request.routeOptions.url;
    if (!request.ws || typeof ticket !== 'string' || typeof id !== 'string' || route === undefined)
      return false;
    return tickets.redeem(ticket, { route, id }, callerAddress(socket));
  };

  return async (request, reply) => {
    const { host, origin, authorization } = request.headers;
    if (countOf('host', request.raw.rawHeaders) > 1) {
      throw refusal(400, 'The request has more than one Host header: send one');
    }
    if (!hosts.accepts(host, request.raw.socket.localAddress)) {
      throw refusal(421, 'This Host is not one of the gateway: list it in allowedHosts');
    }
    if (origin !== undefined) {
      if (!origins.accepts(origin, host)) {
        throw refusal(403, 'This Origin may not call the gateway: list it in corsOrigins');
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
    if (await isAuthorized(request)) return undefined;
    const detail =
      authorization === undefined
        ? 'A token is required: Authorization: <token>'
        : 'The token in Authorization is not the one of this gateway';
    throw refusal(401, detail, { 'www-authenticate': 'Bearer' });
  };
}

/** A connection without a token has had its answer: it makes room. */
function refusal(statusCode: number, detail: string, headers: Record<string, string> = {}): RequestRefused {
  return new RequestRefused(statusCode, detail, { ...headers, connection: 'close' });
}

/** Node gives one of several `Host` headers, and a proxy in front may go by another. */
function countOf(name: string, rawHeaders: readonly string[]): number {
  return rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length;
}
