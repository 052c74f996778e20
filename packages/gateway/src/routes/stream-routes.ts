import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocket } from '@fastify/websocket';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JobDriver } from '../contracts/job-driver.js';
import { encodeEvent } from '../logs/encode-event.js';
import type { LogFeedLease, LogFeeds } from '../logs/log-feeds.js';
import { SseSink } from '../logs/sse-sink.js';
import { WebSocketSink } from '../logs/websocket-sink.js';
import type { Readers } from '../readers.js';
import { RequestRefused } from '../request-refused.js';
import { jobIdOf, sendWholeLog } from './job-routes.js';
import type { Route } from './route-table.js';
import { parseStreamQuery, resolveStart, type StreamQuery } from './stream-query.js';

/** What was settled before the handshake or the headers went out. */
interface PreparedStream {
  jobId: string;
  query: StreamQuery;
  lease: LogFeedLease;
}

/** The handshake of a WebSocket, and the answer that Fastify has made up for it. */
interface PreparedUpgrade extends PreparedStream {
  response: ServerResponse;
}

/** The log of a job: as a whole, as server-sent events, and on a WebSocket. */
export function streamRoutes(
  driver: JobDriver,
  feeds: LogFeeds,
  readers: Readers,
  stallTimeoutMs: number,
): Route[] {
  const prepared = new WeakMap<FastifyRequest, PreparedUpgrade>();

  const prepare = async (request: FastifyRequest): Promise<PreparedStream> => {
    const jobId = jobIdOf(request);
    const lastEventId = request.headers['last-event-id'];
    const query = parseStreamQuery(request.query, Array.isArray(lastEventId) ? lastEventId[0] : lastEventId);
    if (query.lines === 'bytes' && !request.ws) {
      throw new RequestRefused(400, 'bytes=1 is for a WebSocket: an event stream is text, and has batch=1');
    }
    const fromByte = 'offset' in query.start ? query.start.offset : 0;
    return { jobId, query, lease: await feeds.acquire(jobId, fromByte) };
  };

  const sendEvents = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { jobId, query, lease } = await prepare(request);
    let start: number | undefined;
    try {
      start = await resolveStart(lease.feed.log, query);
      if (start === undefined) {
        throw new RequestRefused(416, `The log has ${lease.feed.log.size} bytes: the offset is past its end`);
      }
    } catch (error) {
      await lease.release();
      throw error;
    }
    reply.hijack();
    const response = reply.raw;
    response.writeHead(200, {
      // The headers that the hooks have set: CORS.
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    const standard = (request.headers.accept ?? '').includes('text/event-stream');
    const sink = new SseSink(response, {
      lines: query.lines,
      standard,
      stallTimeoutMs,
    });
    // Not awaited: what serves the request would be kept for as long as the job runs.
    void readers.serve(sink, jobId, lease, {
      start,
      follow: query.follow,
      announceStart: 'tail' in query.start,
      status: async () => (await driver.get(jobId)).status,
    });
  };

  const tailOnWebSocket = async (webSocket: WebSocket, request: FastifyRequest): Promise<void> => {
    const { jobId, query, lease, response } = prepared.get(request) as PreparedUpgrade;
    forgetHandshake(webSocket, request.raw.socket, response);
    const sink = new WebSocketSink(webSocket, request.raw.socket, {
      lines: query.lines,
      stallTimeoutMs,
    });
    let start: number | undefined;
    try {
      start = await resolveStart(lease.feed.log, query);
    } catch (error) {
      await lease.release();
      sink.hint(encodeEvent({ type: 'error', message: 'The log could not be read' }, sink.format));
      sink.end('failed');
      throw error;
    }
    if (start === undefined) {
      await lease.release();
      sink.end('past-the-end');
      return;
    }
    void readers.serve(sink, jobId, lease, {
      start,
      follow: query.follow,
      announceStart: 'tail' in query.start,
      status: async () => (await driver.get(jobId)).status,
    });
  };

  return [
    {
      method: 'GET',
      url: '/jobs/:id/logs/',
      // A refusal must come before the handshake is accepted.
      preHandler: async (request, reply) => {
        if (!request.ws) return;
        const stream = await prepare(request);
        releaseWith(request.raw.socket, stream.lease);
        prepared.set(request, { ...stream, response: reply.raw });
      },
      handler: (request, reply) => sendWholeLog(driver, request, reply, stallTimeoutMs),
      wsHandler: tailOnWebSocket,
    },
    { method: 'GET', url: '/jobs/:id/logs/stream/', handler: sendEvents },
  ];
}

/** The handshake may still fail, and then nobody else gives the log back. */
function releaseWith(socket: Socket, lease: LogFeedLease): void {
  if (socket.destroyed) void lease.release();
  else socket.once('close', () => void lease.release());
}

/**
 * Lets go of what holds the request and its answer: 3 KB of a reader that may stay for days. The sink hears of
 * errors, and ends the socket.
 */
function forgetHandshake(webSocket: WebSocket, socket: Socket, response: ServerResponse): void {
  webSocket.removeAllListeners('error');
  response.detachSocket(socket);
}
