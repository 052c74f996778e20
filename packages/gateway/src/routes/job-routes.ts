import type { FastifyRequest } from 'fastify';
import type { JobDriver } from '../contracts/job-driver.js';
import { LOG_ROUTE } from '../guards/handshake-guard.js';
import type { Tickets } from '../guards/tickets.js';
import type { LogFeeds } from '../logs/log-feeds.js';
import { NOT_JSON, RequestRefused } from '../request-refused.js';
import { parseJobSubmission } from './job-submission.js';
import type { SendList } from './list-answer.js';
import { parseListQuery } from './list-query.js';
import { requireResourceId, resourceIdOf } from './resource-id.js';
import type { Route } from './route-table.js';

/** Jobs, and tickets to their logs. */
export function jobRoutes(driver: JobDriver, feeds: LogFeeds, tickets: Tickets, sendList: SendList): Route[] {
  return [
    {
      method: 'GET',
      url: '/jobs/',
      handler: async (request, reply) => {
        const query = parseListQuery('jobs/', request);
        return sendList(await driver.list(query), query !== undefined, request, reply);
      },
    },
    {
      method: 'POST',
      url: '/jobs/',
      handler: async (request, reply) => {
        requireJson(request);
        return reply.code(201).send(await driver.submit(parseJobSubmission(request.body)));
      },
    },
    { method: 'GET', url: '/jobs/:id/', handler: (request) => driver.get(resourceIdOf(request, 'Job')) },
    {
      method: 'DELETE',
      url: '/jobs/:id/',
      handler: async (request, reply) => {
        const jobId = resourceIdOf(request, 'Job');
        await driver.delete(jobId);
        feeds.forget(jobId);
        return reply.code(204).send();
      },
    },
    {
      method: 'POST',
      url: '/jobs/:id/stop/',
      handler: async (request) => ({ stopped: await driver.stop(resourceIdOf(request, 'Job')) }),
    },
    {
      method: 'POST',
      url: '/tickets/',
      handler: async (request, reply) => {
        requireJson(request);
        const jobId = requireResourceId((request.body as { job_id?: unknown } | null)?.job_id, 'Job');
        await driver.get(jobId);
        return reply.code(201).send(tickets.issue({ route: LOG_ROUTE, id: jobId }));
      },
    },
  ];
}

/** A body of another type was refused already; this is for no body at all. */
function requireJson(request: FastifyRequest): void {
  if (request.headers['content-type'] === undefined) throw new RequestRefused(415, NOT_JSON);
}
