import type { FastifyRequest } from 'fastify';
import { RequestRefused } from '../request-refused.js';

type Kind = 'Job' | 'Node' | 'Task';

const RESOURCE_ID = /^[a-zA-Z0-9_-]{1,100}$/;

/**
 * The ID rules of the agent protocol, for jobs, nodes and tasks.
 *
 * @throws {RequestRefused} 400, when the ID does not fit
 */
export function requireResourceId(value: unknown, kind: Kind): string {
  if (typeof value === 'string' && RESOURCE_ID.test(value)) return value;
  const remedy =
    kind === 'Job'
      ? '. A Ray job with another ID is reached with the dashboard client (@raywire/dashboard)'
      : '';
  throw new RequestRefused(
    400,
    `${kind} IDs match ^[a-zA-Z0-9_-]+$ and have at most 100 characters${remedy}`,
  );
}

/** The ID in the path of a request. @throws {RequestRefused} 400, when it does not fit */
export function resourceIdOf(request: FastifyRequest, kind: Kind): string {
  return requireResourceId((request.params as { id?: unknown }).id, kind);
}
