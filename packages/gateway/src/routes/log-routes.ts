import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { WebSocket } from '@fastify/websocket';
import { within } from '@raywire/core/internal';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JobDriver } from '../contracts/job-driver.js';
import type { GatewayEvent } from '../gateway-options.js';
import { LOG_ROUTE } from '../guards/handshake-guard.js';
import { FIRST_WORD_MS } from '../logs/first-word.js';
import type { LogFeed } from '../logs/log-feed.js';
import type { LogFeeds } from '../logs/log-feeds.js';
import type { LogSink } from '../logs/log-sink.js';
import type { LogStreams } from '../logs/log-streams.js';
import { SseSink } from '../logs/sse-sink.js';
import { WebSocketSink } from '../logs/websocket-sink.js';
import { placeOf, type RequestPlace } from '../request-place.js';
import { RequestRefused } from '../request-refused.js';
import { beginAnswer } from './begin-answer.js';
import { resourceIdOf } from './resource-id.js';
import type { Route } from './route-table.js';
import { parseStreamQuery, resolveStart, type StreamQuery } from './stream-query.js';
import { sendWholeLog } from './whole-log.js';

/** What was settled before the handshake or the headers went out. */
interface PreparedStream {
  place: RequestPlace & { jobId: string };
  query: StreamQuery;
  feed: LogFeed;
  /** Where the stream begins; `undefined`: past the end of the log. */
  start: Promise<number | undefined>;
}

/** The handshake of a WebSocket, and the answer that Fastify has made up for it. */
interface PreparedUpgrade extends PreparedStream {
  response: ServerResponse;
}

/** It is not known yet whether the log can be read: a WebSocket is opened meanwhile. */
const LATE = new Error('Not known yet');

/** The log of a job: as a whole, as server-sent events, and on a WebSocket. */
export function logRoutes(options: {
  driver: JobDriver;
  feeds: LogFeeds;
  streams: LogStreams;
  stallTimeoutMs: number;
  onEvent: (event: GatewayEvent) => void;
}): Route[] {
  const { driver, feeds, streams, stallTimeoutMs, onEvent } = options;
  const upgrades = new WeakMap<FastifyRequest, PreparedUpgrade>();

  const prepare = async (request: FastifyRequest, reply: FastifyReply): Promise<PreparedStream> => {
    const place = { ...placeOf(request), jobId: resourceIdOf(request, 'Job') };
    const query = parseStreamQuery(request.query, request.headers['last-event-id']);
    if (query.lines === 'bytes' && !request.ws) {
      throw new RequestRefused(400, 'bytes=1 is for a WebSocket: an event stream is text, and has batch=1');
    }
    const fromByte = 'offset' in query.start ? query.start.offset : 0;
    const feed = await feeds.hold(place.jobId, fromByte, connectionOf(request, reply));
    return { place, query, feed, start: resolveStart(feed.log, query) };
  };

  const serve = ({ place, query, feed }: PreparedStream, start: number, sink: LogSink): void => {
    streams.serve(place, feed, sink, {
      start,
      follow: query.follow,
      announceStart: !('offset' in query.start && query.start.offset === start),
      status: async () => (await driver.get(place.jobId)).status,
    });
  };

  const sendEvents = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const stream = await prepare(request, reply);
    const { lines } = stream.query;
    const start = await stream.start;
    if (start === undefined) {
      const { start: first = 0, size } = stream.feed.log;
      throw new RequestRefused(416, `The log holds bytes ${first} to ${size}: the offset is not among them`);
    }
    const response = beginAnswer(reply, {
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
    });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    response.flushHeaders();
    const standard = (request.headers.accept ?? '').includes('text/event-stream');
    serve(stream, start, new SseSink(response, { lines, standard, stallTimeoutMs }));
  };

  const tailOnWebSocket = async (webSocket: WebSocket, request: FastifyRequest): Promise<void> => {
    const { response, ...stream } = upgrades.get(request) as PreparedUpgrade;
    const { socket } = request.raw;
    forgetHandshake(webSocket, socket, response);
    const sink = new WebSocketSink(webSocket, socket, { lines: stream.query.lines, stallTimeoutMs });
    try {
      const start = await stream.start;
      if (start === undefined) sink.end('not-there');
      else serve(stream, start, sink);
    } catch (error) {
      streams.fail(stream.place, sink, error);
    }
  };

  return [
    {
      method: 'GET',
      url: LOG_ROUTE,
      // A refusal must come before the handshake is accepted.
      preHandler: forReader(async (request, reply) => {
        if (!request.ws) return;
        const stream = await prepare(request, reply);
        await within(stream.start, { timeoutMs: FIRST_WORD_MS, late: () => LATE }).catch((error: unknown) => {
          if (error !== LATE) throw error;
        });
        upgrades.set(request, { ...stream, response: reply.raw });
      }),
      handler: forReader(async (request, reply) => {
        const place = { ...placeOf(request), jobId: resourceIdOf(request, 'Job') };
        const { log } = await feeds.hold(place.jobId, 0, connectionOf(request, reply));
        await sendWholeLog(log, reply, {
          stallTimeoutMs,
          onBroken: (error) => onEvent({ type: 'error', error, ...place }),
        });
      }),
      wsHandler: tailOnWebSocket,
    },
    { method: 'GET', url: '/jobs/:id/logs/stream/', handler: forReader(sendEvents) },
  ];
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** The log of a reader that has left may be closed while it is read: that is nobody's error. */
function forReader(handler: Handler): Handler {
  return async (request, reply) => {
    try {
      await handler(request, reply);
    } catch (error) {
      throw connectionOf(request, reply).destroyed ? new RequestRefused(499, 'The reader has left') : error;
    }
  };
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
