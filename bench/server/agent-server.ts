// A process of its own, so that client and server do not share an event loop. It answers as an old agent below
// /agent and as a gateway below /gateway. A job's ID says how long its log is: `lines-400000`; the argument says what its
// lines are: mix or plain.
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Duplex, Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startHttpServer } from '@raywire/testing';
import type { LineKind } from '../lines/log-lines.ts';
import { closeFrame, EncodedLog, type Framing, sseEvent, textFrame } from './encoded-log.ts';

const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const PATH = /^\/(agent|gateway)\/(?:(health)|jobs\/lines-(\d+)(?:\/(logs\/stream|logs))?)\/(?:\?(.*))?$/;

interface Target {
  gateway: boolean;
  health: boolean;
  lines: number;
  log: 'none' | 'stream' | 'whole';
  batches: boolean;
}

const kind = process.argv[2] as LineKind;
const lineLogs: Record<Framing, EncodedLog> = {
  websocket: new EncodedLog(kind, 'websocket'),
  sse: new EncodedLog(kind, 'sse'),
  plain: new EncodedLog(kind, 'plain'),
};
/** As a gateway sends them for `batch=1` and, on a WebSocket, `bytes=1`. */
const batchLogs = {
  sse: new EncodedLog(kind, 'sse', 'batch'),
  websocket: new EncodedLog(kind, 'websocket', 'bytes'),
};

function targetOf(url: string | undefined): Target | undefined {
  const match = PATH.exec(url ?? '');
  if (match === null) return undefined;
  const [, server, health, lines, log, query] = match;
  const gateway = server === 'gateway';
  return {
    gateway,
    health: health !== undefined,
    lines: Number(lines ?? 0),
    log: log === undefined ? 'none' : log === 'logs' ? 'whole' : 'stream',
    batches: gateway && /\b(?:batch|bytes)=1\b/.test(query ?? ''),
  };
}

function send(socket: Writable, chunks: Iterable<Buffer>): Promise<void> {
  return pipeline(Readable.from(chunks, { objectMode: true, highWaterMark: 1 }), socket, { end: false });
}

function completeEvent({ gateway, lines }: Target): string {
  const status = { status: 'SUCCEEDED', exit_code: 0, offset: lineLogs.plain.bytes(lines) };
  return JSON.stringify({ type: 'complete', ...(gateway ? status : {}) });
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = targetOf(request.url);
  if (target?.log === 'stream') {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    await send(response, (target.batches ? batchLogs : lineLogs).sse.chunks(target.lines));
    response.end(sseEvent(completeEvent(target)));
  } else if (target?.log === 'whole') {
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
    await send(response, lineLogs.plain.chunks(target.lines));
    response.end();
  } else if (target === undefined) {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"detail":"unknown route"}');
  } else {
    const capabilities = target.gateway ? { capabilities: ['resume', 'batch', 'bytes'] } : {};
    const job = { job_id: `lines-${target.lines}`, status: 'RUNNING', start_time: 1 };
    const body = JSON.stringify(target.health ? { status: 'ok', ...capabilities } : job);
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  }
}

async function upgrade(request: IncomingMessage, socket: Duplex): Promise<void> {
  const target = targetOf(request.url);
  socket.on('error', () => socket.destroy());
  if (target?.log !== 'whole') {
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    return;
  }
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}${WEBSOCKET_GUID}`)
    .digest('base64');
  const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
  socket.write(`${[...head, `Sec-WebSocket-Accept: ${accept}`].join('\r\n')}\r\n\r\n`);
  // Whatever the client sends (pings and its close) is read and left unanswered: the runs are short.
  socket.resume();
  await send(socket, (target.batches ? batchLogs : lineLogs).websocket.chunks(target.lines));
  socket.end(Buffer.concat([textFrame(completeEvent(target)), closeFrame()]));
}

const { port } = await startHttpServer(
  (request, response) => {
    response.on('error', () => response.destroy());
    answer(request, response).catch((error: Error) => response.destroy(error));
  },
  {
    onUpgrade(request, socket) {
      upgrade(request, socket).catch((error: Error) => socket.destroy(error));
    },
  },
);
process.send?.({ port });
process.on('disconnect', () => process.exit());
