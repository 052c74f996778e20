import { type AnyOptionTable, CALL_OPTIONS, readOptions } from '@raywire/core/internal';
import type { JobQuery, NodeQuery, ServeApplicationQuery, TaskQuery } from '@raywire/ray';
import {
  LIST_JOBS_OPTIONS,
  LIST_NODES_OPTIONS,
  LIST_SERVE_APPLICATIONS_OPTIONS,
  LIST_TASKS_OPTIONS,
} from '@raywire/ray/internal';
import type { FastifyRequest } from 'fastify';

/** By the path of a list, the options of a client that its parameters stand for. */
const TABLES = {
  'jobs/': LIST_JOBS_OPTIONS,
  'nodes/': LIST_NODES_OPTIONS,
  'tasks/': LIST_TASKS_OPTIONS,
  'serve_applications/': LIST_SERVE_APPLICATIONS_OPTIONS,
};

/** By the path of a list, what its parameters ask for. */
interface Queries {
  'jobs/': JobQuery;
  'nodes/': NodeQuery;
  'tasks/': TaskQuery;
  'serve_applications/': ServeApplicationQuery;
}

const METADATA = 'metadata.';

/**
 * Reads the parameters of a list: those of a client in the names of the protocol, `job_id` for `jobId`. Others are
 * ignored, as ever. `undefined`: there are none, as from an old client.
 *
 * @throws {InvalidArgumentError} naming the parameter and the remedy
 */
export function parseListQuery<Path extends keyof Queries>(
  path: Path,
  request: FastifyRequest,
): Queries[Path] | undefined {
  const parameters = request.query as Record<string, string | string[]>;
  const table: AnyOptionTable = TABLES[path];
  const options: Record<string, unknown> = {};
  for (const name of Object.keys(table)) {
    if (Object.hasOwn(CALL_OPTIONS, name)) continue;
    const parameter = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const value = name === 'metadata' ? metadataOf(parameters) : parameters[parameter];
    if (value !== undefined) options[name] = name === 'limit' ? countOf(value) : value;
  }
  if (Object.keys(options).length === 0) return undefined;
  return readOptions(table, options, `GET ${path}`) as Queries[Path];
}

/** `metadata_key=team` for an entry of any value; `metadata.team=vision`, which wins over it, for one of that value. */
function metadataOf(parameters: Record<string, string | string[]>): Record<string, unknown> | undefined {
  const keys = [parameters.metadata_key ?? []].flat();
  const entries = Object.entries(parameters).filter(([name]) => name.startsWith(METADATA));
  if (keys.length + entries.length === 0) return undefined;
  return Object.fromEntries([
    ...keys.map((key) => [key, true]),
    ...entries.map(([name, value]) => [name.slice(METADATA.length), value]),
  ]);
}

/** A number where it is one; the table refuses anything else. */
function countOf(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
}
