import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { WebSocket } from '@fastify/websocket';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JobDriver } from '../contracts/job-driver.js';
import type { LogFeed } from '../logs/log-feed.js';
import type { LogFeeds } from '../logs/log-feeds.js';
import type { LogSink } from '../logs/log-sink.js';
import type { LogStreams } from '../logs/log-streams.js';
import { SseSink } from '../logs/sse-sink.js';
import { WebSocketSink } from '../logs/websocket-sink.js';
import { RequestRefused } from '../request-refused.js';
import { resourceIdOf } from './resource-id.js';
import type { Route } from './route-table.js';
import { parseStreamQuery, resolveStart, type StreamQuery } from './stream-query.js';
import { sendWholeLog } from './whole-log.js';

/** What was settled before the handshake or the headers went out. */
interface PreparedStream {
  jobId: string;
  query: StreamQuery;
  feed: LogFeed;
}

/** The handshake of a WebSocket, and the answer that Fastify has made up for it. */
interface PreparedUpgrade extends PreparedStream {
  response: ServerResponse;
}

/** The log of a job: as a whole, as server-sent events, and on a WebSocket. */
export function logRoutes(options: {
  driver: JobDriver;
  feeds: LogFeeds;
  streams: LogStreams;
  stallTimeoutMs: number;
}): Route[] {
  const { driver, feeds, streams, stallTimeoutMs } = options;
  const upgrades = new WeakMap<FastifyRequest, PreparedUpgrade>();

  const prepare = async (request: FastifyRequest, reply: FastifyReply): Promise<PreparedStream> => {
    const jobId = resourceIdOf(request, 'Job');
    const query = parseStreamQuery(request.query, request.headers['last-event-id']);
    if (query.lines === 'bytes' && !request.ws) {
      throw new RequestRefused(400, 'bytes=1 is for a WebSocket: an event stream is text, and has batch=1');
    }
    const fromByte = 'offset' in query.start ? query.start.offset : 0;
    return { jobId, query, feed: await feeds.hold(jobId, fromByte, connectionOf(request, reply)) };
  };

  const serve = ({ jobId, query, feed }: PreparedStream, start: number, sink: LogSink): void => {
    streams.serve(jobId, feed, sink, {
      start,
      follow: query.follow,
      announceStart: !('offset' in query.start && query.start.offset === start),
      status: async () => (await driver.get(jobId)).status,
    });
  };

  const sendEvents = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const stream = await prepare(request, reply);
    const { lines } = stream.query;
    const start = await resolveStart(stream.feed.log, stream.query).catch((error: unknown) => {
      // The log of a reader that has left may be closed while it is read.
      if (!reply.raw.destroyed) throw error;
      return 0;
    });
    if (start === undefined) {
      const { start: first = 0, size } = stream.feed.log;
      throw new RequestRefused(416, `The log holds bytes ${first} to ${size}: the offset is not among them`);
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
    serve(stream, start, new SseSink(response, { lines, standard, stallTimeoutMs }));
  };

  const tailOnWebSocket = async (webSocket: WebSocket, request: FastifyRequest): Promise<void> => {
    const { response, ...stream } = upgrades.get(request) as PreparedUpgrade;
    const { jobId, query, feed } = stream;
    const { socket } = request.raw;
    forgetHandshake(webSocket, socket, response);
    const sink = new WebSocketSink(webSocket, socket, { lines: query.lines, stallTimeoutMs });
    try {
      const start = await resolveStart(feed.log, query);
      if (start === undefined) sink.end('not-there');
      else serve(stream, start, sink);
    } catch (error) {
      streams.fail(jobId, sink, error);
    }
  };

  return [
    {
      method: 'GET',
      url: '/jobs/:id/logs/',
      // A refusal must come before the handshake is accepted.
      preHandler: async (request, reply) => {
        if (request.ws) upgrades.set(request, { ...(await prepare(request, reply)), response: reply.raw });
      },
      handler: async (request, reply) => {
        const jobId = resourceIdOf(request, 'Job');
        const { log } = await feeds.hold(jobId, 0, connectionOf(request, reply));
        return sendWholeLog(log, reply, stallTimeoutMs);
      },
      wsHandler: tailOnWebSocket,
    },
    { method: 'GET', url: '/jobs/:id/logs/stream/', handler: sendEvents },
  ];
}

/**
 * The stream that closes when the reader has left: the response, or the socket of a WebSocket. A response that is queued
 * behind another one has no socket, and before Node 24 it does not close when the connection does.
 */
function connectionOf(request: FastifyRequest, reply: FastifyReply): Writable {
  return request.ws || reply.raw.socket === null ? request.raw.socket : reply.raw;
}

/**
 * Lets go of what holds the request and its answer: 3 KB of a reader that may stay for days. The sink hears of
 * errors, and ends the socket.
 */
function forgetHandshake(webSocket: WebSocket, socket: Socket, response: ServerResponse): void {
  webSocket.removeAllListeners('error');
  response.detachSocket(socket);
}
