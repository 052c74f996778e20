import { METHODS } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { RequestRefused } from '../request-refused.js';

/** One row: what a path answers to one method. */
export type Route = RouteOptions & { method: 'GET' | 'POST' | 'PUT' | 'DELETE'; url: string };

/** Registers the routes, `HEAD` beside each `GET`, and 405 with `Allow` for every other method of their paths. */
export function registerRoutes(app: FastifyInstance, routes: readonly Route[]): void {
  // Those that Fastify has no routes for by itself (TRACE, PROPFIND, …) are answered 405 too. CONNECT has no path.
  for (const method of METHODS) {
    if (method !== 'CONNECT' && !app.supportedMethods.includes(method)) app.addHttpMethod(method);
  }
  const allowed = new Map<string, string[]>();
  for (const route of routes) {
    app.route(route);
    if (route.method === 'GET') app.route(headOf(route));
    allowed.set(route.url, [...(allowed.get(route.url) ?? []), route.method]);
  }
  for (const methods of allowed.values()) if (methods.includes('GET')) methods.push('HEAD');
  for (const [url, methods] of allowed) {
    const allow = methods.join(', ');
    app.route({
      url,
      method: app.supportedMethods.filter((method) => !methods.includes(method)),
      handler: (request) => {
        throw new RequestRefused(405, `${request.method} is not allowed here; allowed: ${allow}`, { allow });
      },
    });
  }
}

/** The same handler answers; Node sends its headers alone. */
function headOf({ url, handler }: Route): RouteOptions {
  return {
    method: 'HEAD',
    url,
    handler,
    onSend: async (_request, _reply, payload) => {
      if (!(payload instanceof Readable)) return payload;
      // Nobody reads a log only to leave it out.
      payload.destroy();
      return null;
    },
  };
}
