import { fieldOf } from '@raywire/ray';
import type { FastifyRequest } from 'fastify';
import type { StateRow, StateRows } from '../contracts/cluster-state.js';
import type { JobDriver } from '../contracts/job-driver.js';
import { RequestRefused } from '../request-refused.js';
import type { SendList } from './list-answer.js';
import { parseListQuery } from './list-query.js';
import { resourceIdOf } from './resource-id.js';
import type { Route } from './route-table.js';

/** What every Raywire gateway can do beyond an old agent. */
const CAPABILITIES = ['resume', 'batch', 'submit', 'delete', 'tickets', 'follow', 'bytes', 'paging'];

/** Health, nodes, tasks, GPUs and Serve applications. */
export function stateRoutes(driver: JobDriver, version: string, sendList: SendList): Route[] {
  const { cluster } = driver;
  return [
    {
      method: 'GET',
      url: '/health/',
      handler: async () => ({
        status: 'ok',
        server: `raywire-gateway/${version}`,
        driver: driver.name,
        capabilities: driver.packages === undefined ? CAPABILITIES : [...CAPABILITIES, 'upload'],
      }),
    },
    {
      method: 'GET',
      url: '/nodes/',
      handler: async (request, reply) => {
        const query = parseListQuery('nodes/', request);
        return sendList(await cluster.nodes(query), query !== undefined, request, reply);
      },
    },
    {
      method: 'GET',
      url: '/nodes/:id/',
      handler: async (request) => {
        const id = resourceIdOf(request, 'Node');
        return findRow(await cluster.nodes(), 'node_id', id, 'Node');
      },
    },
    {
      method: 'GET',
      url: '/tasks/',
      handler: async (request, reply) => {
        const query = parseListQuery('tasks/', request);
        return sendList(await cluster.tasks(query), query !== undefined, request, reply);
      },
    },
    {
      method: 'GET',
      url: '/tasks/:id/',
      handler: async (request) => {
        const id = resourceIdOf(request, 'Task');
        return findRow(await cluster.tasks({ taskId: id }), 'task_id', id, 'Task');
      },
    },
    { method: 'GET', url: '/gpu_status/', handler: () => cluster.gpuStatus() },
    {
      method: 'GET',
      url: '/serve_applications/',
      handler: async (request, reply) => {
        const query = parseListQuery('serve_applications/', request);
        return sendList(await cluster.serveApplications(query), query !== undefined, request, reply);
      },
    },
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

async function findRow(rows: StateRows, idField: string, id: string, kind: string): Promise<StateRow> {
  for await (const row of rows) if (fieldOf(row, idField) === id) return row;
  throw new RequestRefused(404, `${kind} '${id}' does not exist`);
}

function applicationNameOf(request: FastifyRequest): string {
  const { name } = request.params as { name: string };
  if (name !== '' && name !== '.' && name !== '..' && !/[\x00-\x1f\x7f]/.test(name)) return name;
  throw new RequestRefused(
    400,
    "The name of a Serve application is not empty, '.' or '..', nor has control characters",
  );
}
