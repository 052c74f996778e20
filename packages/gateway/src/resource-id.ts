import { RequestRefused } from './request-refused.js';

const RESOURCE_ID = /^[a-zA-Z0-9_-]{1,100}$/;

/**
 * The ID rules of the agent protocol, for jobs, nodes and tasks.
 *
 * @throws {RequestRefused} 400, when the ID does not fit
 */
export function requireResourceId(value: unknown, kind: 'Job' | 'Node' | 'Task'): string {
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
