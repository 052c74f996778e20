import type { FastifyInstance, RouteOptions } from 'fastify';
import { RequestRefused } from '../request-refused.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** One row: what a path answers to one method. */
export type Route = RouteOptions & { method: (typeof METHODS)[number]; url: string };

/** Registers the routes, and 405 with `Allow` for every other method of their paths. */
export function registerRoutes(app: FastifyInstance, routes: readonly Route[]): void {
  const allowed = new Map<string, string[]>();
  for (const route of routes) {
    app.route(route);
    allowed.set(route.url, [...(allowed.get(route.url) ?? []), route.method]);
  }
  for (const [url, methods] of allowed) {
    const allow = methods.join(', ');
    app.route({
      url,
      method: METHODS.filter((method) => !methods.includes(method)),
      handler: (request) => {
        throw new RequestRefused(405, `${request.method} is not allowed here; allowed: ${allow}`, { allow });
      },
    });
  }
}
