// A process of its own that answers as the head of a Ray cluster below /ray, and as its node agent below /logs. A
// job's ID says how long its log is: `lines-400000`; the argument says what its
// lines are: mix or plain. Nothing is encoded or generated while it is measured.
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Duplex, Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { beginRange, jobDetails, sendJson, startHttpServer } from '@raywire/testing';
import type { LineKind } from '../../lines/log-lines.ts';
import { closeFrame } from '../../server/encoded-log.ts';
import { LogFiles } from './log-files.ts';
import { TailFrames } from './tail-frames.ts';
import { taskList } from './task-rows.ts';

const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const NODE_ID = '9f3c1e'.padEnd(56, '0');

const kind = process.argv[2] as LineKind;
const frames = new TailFrames(kind);
const files = new LogFiles(kind);
const tasks = taskList(10_000);

function send(socket: Writable, chunks: Iterable<Buffer>): Promise<void> {
  return pipeline(Readable.from(chunks, { objectMode: true, highWaterMark: 1 }), socket, { end: false });
}

function jobOf(lines: number): object {
  const agent = `http://127.0.0.1:${port}`;
  return jobDetails(`lines-${lines}`, { driver_agent_http_address: agent, driver_node_id: NODE_ID });
}

async function sendFile(request: IncomingMessage, response: ServerResponse, lines: number): Promise<void> {
  const part = beginRange(response, request.headers.range, files.size(lines));
  if (part === undefined) return;
  await send(response, files.chunks(part.start, part.end));
  response.end();
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server');
  const log = /^(?:\/logs\/|\/ray\/api\/v0\/logs\/file:)job-driver-lines-(\d+)\.log$/.exec(
    pathname.startsWith('/logs/') ? pathname : `${pathname}:${searchParams.get('filename')}`,
  );
  const job = /^\/ray\/api\/jobs\/lines-(\d+)$/.exec(pathname);
  if (log !== null) await sendFile(request, response, Number(log[1]));
  else if (job !== null) sendJson(response, 200, jobOf(Number(job[1])));
  else if (pathname === '/ray/api/v0/tasks') sendJson(response, 200, tasks);
  else if (pathname === '/ray/api/version') sendJson(response, 200, { version: '4', ray_version: '2.60.0' });
  else response.writeHead(404, { 'content-type': 'text/plain' }).end('404: Not Found');
}

async function upgrade(request: IncomingMessage, socket: Duplex): Promise<void> {
  socket.on('error', () => socket.destroy());
  const match = /^\/ray\/api\/jobs\/lines-(\d+)\/logs\/tail$/.exec(request.url ?? '');
  if (match === null) {
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
  await send(socket, frames.chunks(Number(match[1])));
  socket.end(closeFrame());
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
