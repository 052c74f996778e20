import {
  ClientError,
  ClientTimeoutError,
  type HttpResponse,
  type LogConnection,
  ServerError,
  UnsupportedByServerError,
} from '@raywire/core';
import { countdown } from '@raywire/core/internal';
import { httpToWebSocketUrl } from '@raywire/network';
import { eventRuns } from '#event-runs';
import { MAX_FRAME_BYTES } from '../source/frame-size.js';
import { type LogSource, type LogSourceRequest, presentEnd } from '../source/log-source.js';
import type { AgentCapabilities } from './agent-capabilities.js';
import { SnapshotDecoder } from './snapshot-decoder.js';
import { SseDecoder } from './sse-decoder.js';
import { WebSocketDecoder } from './websocket-decoder.js';
import { wholeBody } from './whole-body.js';

/** The three ways to a log of the agent protocol, best first. */
export function agentLogSources(capabilities: AgentCapabilities): LogSource[] {
  return [webSocketSource(capabilities), sseSource(capabilities), snapshotSource(capabilities)];
}

function webSocketSource(capabilities: AgentCapabilities): LogSource {
  return {
    name: 'agent-websocket',
    wire: 'websocket',
    async open(request) {
      const left = countdown(request.timeoutMs);
      const known = await askCapabilities(capabilities, request);
      const { query, startsAt } = whereToBegin(request, known);
      const bytes = known.has('bytes');
      const from = startsAt === 'tail' ? undefined : startsAt;
      const isMute = request.transport?.sendsHeaders === false;
      const ticket = isMute ? await takeTicket(request, known, left()) : undefined;
      const url = request.api.url(`jobs/${request.jobId}/logs/`, {
        ...query,
        ...(bytes && { batch: undefined, bytes: 1 }),
        ticket,
      });
      const connection = await request.connect({
        url: httpToWebSocketUrl(url),
        connectTimeoutMs: left(),
        textAsBytes: !bytes,
      });
      const gateway = known.has('batch');
      return {
        connection,
        decoder: new WebSocketDecoder(gateway, eventRuns, bytes ? { from } : undefined),
        startsAt,
        // A browser's WebSocket, the one that sends no headers, cannot ping, nor does it show the gateway's pings: with the
        // bytes come events instead.
        silence: isMute ? (bytes ? 'heartbeat' : 'ask') : gateway ? 'transport' : 'ask',
      };
    },
  };
}

function sseSource(capabilities: AgentCapabilities): LogSource {
  return {
    name: 'agent-http',
    wire: 'http',
    answerMayBeHeldBack: true,
    async open(request) {
      const left = countdown(request.timeoutMs);
      const known = await askCapabilities(capabilities, request);
      const { query, startsAt } = whereToBegin(request, known);
      const url = request.api.url(`jobs/${request.jobId}/logs/stream/`, query);
      const headers = { accept: 'text/event-stream' };
      const connection = await request.connect({ url, headers, connectTimeoutMs: left() });
      const contentType = connection.headers['content-type'];
      if (/^text\/html\b/i.test(contentType ?? '')) {
        connection.close();
        throw new ClientError({
          code: 'UNEXPECTED_CONTENT_TYPE',
          statusCode: 502,
          message: 'The log stream answered with an HTML page: a proxy or another server is in the way.',
        });
      }
      const additions = known.has('batch');
      const { maxEventBytes = MAX_FRAME_BYTES } = request;
      const decoder = new SseDecoder({ contentType, additions, maxFrameBytes: maxEventBytes, eventRuns });
      return { connection, decoder, startsAt, silence: additions ? 'heartbeat' : 'ask' };
    },
  };
}

/** The whole log of now, by REST: what proves an end to an old agent, and serves `follow: false` there. */
function snapshotSource(capabilities: AgentCapabilities): LogSource {
  return {
    name: 'agent-snapshot',
    wire: 'http',
    finite: true,
    async open(request) {
      if (request.tailLines !== undefined) throw cannot('start at a number of lines before the end');
      const left = countdown(request.timeoutMs);
      const known = await askCapabilities(capabilities, request);
      // Before the log is requested: what comes then is all that a job that had ended has written.
      await request.job.tryRefresh();
      const { state } = request.job;
      const ask = (timeoutMs: number): Promise<HttpResponse> =>
        request.api.stream({
          path: `jobs/${request.jobId}/logs/`,
          headers: { accept: 'text/plain, application/json' },
          signal: request.signal,
          timeoutMs,
          // The body is a log, which may be long, and its reader slow.
          timeoutBounds: 'headers',
          maxRetries: 0,
        });
      const response = await ask(left());
      try {
        // What is left cannot be matched with what was delivered. By offset it may still be read.
        if (response.headers['x-raywire-dropped-bytes'] !== undefined)
          throw new UnsupportedByServerError({ message: 'The beginning of the log was dropped.' });
        const decoder = new SnapshotDecoder(response.headers['content-type'], known.has('batch'));
        const connection = asConnection(response, () => ask(request.timeoutMs));
        const end = () => presentEnd(state, request.follow);
        return { connection, decoder, silence: 'transport', end };
      } catch (error) {
        response.cancel();
        throw error;
      }
    },
  };
}

async function askCapabilities(
  capabilities: AgentCapabilities,
  request: LogSourceRequest,
): Promise<ReadonlySet<string>> {
  const { signal, offset, tailLines, follow } = request;
  // Health may be broken where logs are not: whatever every agent can do is tried, as with an old one.
  const anyAgentCan = offset === undefined && tailLines === undefined && follow;
  const timeoutMs = anyAgentCan ? request.timeoutMs / 2 : request.timeoutMs;
  try {
    return await capabilities.of(request.api, { signal, timeoutMs, maxRetries: 0 });
  } catch (error) {
    const isBroken = ServerError.isInstance(error) || ClientTimeoutError.isInstance(error);
    if (anyAgentCan && isBroken) return new Set();
    throw error;
  }
}

function whereToBegin(
  request: LogSourceRequest,
  known: ReadonlySet<string>,
): { query: Record<string, string | number | undefined>; startsAt: number | 'tail' } {
  if (!known.has('resume')) {
    if (request.tailLines !== undefined) throw cannot('start at a number of lines before the end');
    if (!request.follow) throw cannot('end at the present end of the log');
    return { query: {}, startsAt: 0 };
  }
  if (!request.follow && !known.has('follow')) throw cannot('end at the present end of the log');
  const query = { batch: known.has('batch') ? 1 : undefined, follow: request.follow ? undefined : 0 };
  if (request.tailLines !== undefined)
    return { query: { ...query, tail: request.tailLines }, startsAt: 'tail' };
  return { query: { ...query, offset: request.offset }, startsAt: request.offset ?? 0 };
}

/** A browser can set no header on a WebSocket: a single-use ticket goes into the URL instead. */
async function takeTicket(
  request: LogSourceRequest,
  known: ReadonlySet<string>,
  timeoutMs: number,
): Promise<string> {
  if (!known.has('tickets')) {
    throw cannot('authenticate a WebSocket of a browser: it gives no tickets');
  }
  const { data } = await request.api.request<{ ticket?: unknown }>({
    method: 'POST',
    path: 'tickets/',
    json: { job_id: request.jobId },
    signal: request.signal,
    timeoutMs,
  });
  const ticket = data?.ticket;
  if (typeof ticket !== 'string') throw cannot('give a ticket for a WebSocket');
  request.api.redactor.add(ticket);
  return ticket;
}

function cannot(what: string): UnsupportedByServerError {
  return new UnsupportedByServerError({
    message: `This agent cannot ${what}; a Raywire gateway and the dashboard client can.`,
  });
}

function asConnection(first: HttpResponse, again: () => Promise<HttpResponse>): LogConnection {
  let response = first;
  let isClosed = false;
  let ended!: LogConnection['closed'] extends Promise<infer Closed> ? (closed: Closed) => void : never;
  const closed: LogConnection['closed'] = new Promise((resolve) => {
    ended = resolve;
  });
  return {
    status: response.status,
    headers: response.headers,
    closed,
    async *[Symbol.asyncIterator]() {
      yield* wholeBody(first, async () => {
        response = await again();
        if (isClosed) response.cancel();
        return response;
      });
      ended({ clean: true });
    },
    close() {
      isClosed = true;
      response.cancel();
      ended({ clean: false });
    },
  };
}
