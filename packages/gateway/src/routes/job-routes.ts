import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JobDriver } from '../contracts/job-driver.js';
import type { JobLog } from '../contracts/job-log.js';
import type { Tickets } from '../guards/tickets.js';
import { parseJobSubmission } from '../job-submission.js';
import type { LogFeeds } from '../logs/log-feeds.js';
import { NOT_JSON, RequestRefused } from '../request-refused.js';
import { requireResourceId } from '../resource-id.js';
import type { Route } from './route-table.js';
import { parameter } from './state-routes.js';

const READ_BYTES = 256 * 1024;

/** Jobs, their logs as a whole, and tickets. */
export function jobRoutes(driver: JobDriver, feeds: LogFeeds, tickets: Tickets): Route[] {
  return [
    { method: 'GET', url: '/jobs/', handler: () => driver.list() },
    {
      method: 'POST',
      url: '/jobs/',
      handler: async (request, reply) => {
        requireJson(request);
        return reply.code(201).send(await driver.submit(parseJobSubmission(request.body)));
      },
    },
    { method: 'GET', url: '/jobs/:id/', handler: (request) => driver.get(jobIdOf(request)) },
    {
      method: 'DELETE',
      url: '/jobs/:id/',
      handler: async (request, reply) => {
        const jobId = jobIdOf(request);
        await driver.delete(jobId);
        feeds.forget(jobId);
        return reply.code(204).send();
      },
    },
    {
      method: 'POST',
      url: '/jobs/:id/stop/',
      handler: async (request) => ({ stopped: await driver.stop(jobIdOf(request)) }),
    },
    {
      method: 'POST',
      url: '/tickets/',
      handler: async (request, reply) => {
        requireJson(request);
        const jobId = requireResourceId((request.body as { job_id?: unknown } | null)?.job_id, 'Job');
        await driver.get(jobId);
        return reply.code(201).send(tickets.issue(jobId));
      },
    },
  ];
}

/** The job of a path. @throws {RequestRefused} 400, when its ID does not fit */
export function jobIdOf(request: FastifyRequest): string {
  return requireResourceId(parameter(request, 'id'), 'Job');
}

/** Answers with the log as it is at this moment, byte for byte. */
export async function sendWholeLog(
  driver: JobDriver,
  request: FastifyRequest,
  reply: FastifyReply,
  stallTimeoutMs: number,
): Promise<FastifyReply> {
  const log = await driver.openLog(jobIdOf(request), 0);
  await log.ready;
  const { size } = log;
  const response = reply.raw;
  // Who takes nothing keeps neither a connection nor the log; a log that is slow to come is not the reader's fault.
  response.setTimeout(stallTimeoutMs, () => {
    if (response.writableLength > 0) response.destroy();
  });
  return reply
    .type('text/plain; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('content-length', size)
    .send(readUpTo(log, size));
}

/** The first `size` bytes of a log as a stream that closes the log with itself, read or not. */
function readUpTo(log: JobLog, size: number): Readable {
  let position = 0;
  return new Readable({
    highWaterMark: READ_BYTES,
    read() {
      if (position === size) {
        this.push(null);
        return;
      }
      log.read(position, Math.min(READ_BYTES, size - position)).then(
        (chunk) => {
          position += chunk.length;
          if (chunk.length === 0) this.destroy(new Error(`The log ended at byte ${position} of ${size}`));
          else this.push(chunk);
        },
        (error: Error) => this.destroy(error),
      );
    },
    destroy(error, callback) {
      log.close().then(
        () => callback(error),
        (closeError: Error) => callback(error ?? closeError),
      );
    },
  });
}

/** A body of another type was refused already; this is for no body at all. */
function requireJson(request: FastifyRequest): void {
  if (request.headers['content-type'] === undefined) {
    throw new RequestRefused(415, NOT_JSON);
  }
}
