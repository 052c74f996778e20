import { fieldOf } from '@raywire/ray';
import type { FastifyRequest } from 'fastify';
import type { StateRow, StateRows } from '../contracts/cluster-state.js';
import type { JobDriver } from '../contracts/job-driver.js';
import { RequestRefused } from '../request-refused.js';
import { resourceIdOf } from './resource-id.js';
import type { Route } from './route-table.js';

/** What every Raywire gateway can do beyond an old agent. */
const CAPABILITIES = ['resume', 'batch', 'submit', 'delete', 'tickets', 'follow', 'bytes'];

/** Health, nodes, tasks, GPUs and Serve applications. */
export function stateRoutes(driver: JobDriver, version: string): Route[] {
  const { cluster } = driver;
  return [
    {
      method: 'GET',
      url: '/health/',
      handler: async () => ({
        status: 'ok',
        server: `raywire-gateway/${version}`,
        driver: driver.name,
        capabilities: CAPABILITIES,
      }),
    },
    { method: 'GET', url: '/nodes/', handler: async () => listAnswer(await cluster.nodes()) },
    {
      method: 'GET',
      url: '/nodes/:id/',
      handler: async (request) => {
        const id = resourceIdOf(request, 'Node');
        return findRow(await cluster.nodes(), 'node_id', id, 'Node');
      },
    },
    { method: 'GET', url: '/tasks/', handler: async () => listAnswer(await cluster.tasks()) },
    {
      method: 'GET',
      url: '/tasks/:id/',
      handler: async (request) => {
        const id = resourceIdOf(request, 'Task');
        return findRow(await cluster.tasks({ taskId: id }), 'task_id', id, 'Task');
      },
    },
    { method: 'GET', url: '/gpu_status/', handler: () => cluster.gpuStatus() },
    { method: 'GET', url: '/serve_applications/', handler: () => cluster.serveApplications() },
    {
      method: 'GET',
      url: '/serve_applications/:name/',
      handler: async (request) => {
        const name = applicationNameOf(request);
        return findRow(await cluster.serveApplications(), 'name', name, 'Serve application');
      },
    },
    {
      method: 'DELETE',
      url: '/serve_applications/:name/',
      handler: async (request, reply) => {
        await cluster.deleteServeApplication(applicationNameOf(request));
        return reply.code(204).send();
      },
    },
  ];
}

/** A bare array, unless that would hide that the list was cut short. */
function listAnswer(rows: StateRows): object {
  const results = [...rows];
  const { total: count = results.length } = rows;
  return count > results.length ? { count, next: null, previous: null, results } : results;
}

function findRow(rows: Iterable<StateRow>, idField: string, id: string, kind: string): StateRow {
  const row = [...rows].find((candidate) => fieldOf(candidate, idField) === id);
  if (row === undefined) throw new RequestRefused(404, `${kind} '${id}' does not exist`);
  return row;
}

function applicationNameOf(request: FastifyRequest): string {
  const { name } = request.params as { name: string };
  if (name !== '' && name !== '.' && name !== '..' && !/[\x00-\x1f\x7f]/.test(name)) return name;
  throw new RequestRefused(
    400,
    "The name of a Serve application is not empty, '.' or '..', nor has control characters",
  );
}
