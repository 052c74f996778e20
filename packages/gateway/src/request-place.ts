import type { FastifyRequest } from 'fastify';

/** Which request an event is about. */
export interface RequestPlace {
  /** Where it is about one job. */
  jobId?: string;
  /** Its method and path. A query may have a ticket in it, and is left out. */
  route: string;
}

/** Says which request it is. */
export function placeOf(request: FastifyRequest): RequestPlace {
  // A URL that cannot be decoded has none.
  const id = (request.params as { id?: unknown } | null)?.id;
  const isOfJob = request.routeOptions.url?.startsWith('/jobs/:id/') && typeof id === 'string';
  return { ...(isOfJob && { jobId: id }), route: `${request.method} ${request.url.split('?')[0]}` };
}
