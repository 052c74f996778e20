// A process of its own that answers as the head of a Ray cluster below /ray, and as its node agent below /logs. A
// job's ID says how long its log is: `lines-400000`. Nothing is encoded or generated while it is measured.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Duplex, Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { closeFrame } from '../../server/encoded-log.ts';
import { LogFile } from './log-file.ts';
import { TailFrames } from './tail-frames.ts';
import { taskList } from './task-rows.ts';

const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const NODE_ID = '9f3c1e'.padEnd(56, '0');

const frames = new TailFrames();
const tasks = taskList(10_000);

function sendJSON(response: ServerResponse, body: object | Buffer): void {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
  });
  response.end(bytes);
}

function send(socket: Writable, chunks: Iterable<Buffer>): Promise<void> {
  return pipeline(Readable.from(chunks, { objectMode: true, highWaterMark: 1 }), socket, { end: false });
}

function jobOf(lines: number): object {
  const id = `lines-${lines}`;
  const timeOf = { start_time: 1_771_321_200_000, end_time: 1_771_321_260_000 };
  return {
    ...{ type: 'SUBMISSION', job_id: '01000000', submission_id: id, status: 'SUCCEEDED', entrypoint: 'true' },
    ...{ message: '', error_type: null, metadata: {}, runtime_env: {}, driver_exit_code: 0, ...timeOf },
    driver_agent_http_address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    driver_node_id: NODE_ID,
  };
}

/** As a node agent's static files: 206 with the file's length, 416 past the end. */
async function sendRange(request: IncomingMessage, response: ServerResponse, file: LogFile): Promise<void> {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const start = Number(range?.[1] ?? 0);
  const end = Math.min(file.size, range?.[2] ? Number(range[2]) + 1 : file.size);
  if (start >= file.size && range !== null) {
    response.writeHead(416, { 'content-range': `bytes */${file.size}`, 'content-length': 0 }).end();
    return;
  }
  response.writeHead(range === null ? 200 : 206, {
    'content-type': 'text/plain',
    'accept-ranges': 'bytes',
    etag: '"1892f0a7c1d4e000-1"',
    'content-length': end - start,
    ...(range !== null && { 'content-range': `bytes ${start}-${end - 1}/${file.size}` }),
  });
  await send(response, file.chunks(start, end));
  response.end();
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server');
  const log = /^(?:\/logs\/|\/ray\/api\/v0\/logs\/file:)job-driver-lines-(\d+)\.log$/.exec(
    pathname.startsWith('/logs/') ? pathname : `${pathname}:${searchParams.get('filename')}`,
  );
  const job = /^\/ray\/api\/jobs\/lines-(\d+)$/.exec(pathname);
  if (log !== null) await sendRange(request, response, new LogFile(Number(log[1])));
  else if (job !== null) sendJSON(response, jobOf(Number(job[1])));
  else if (pathname === '/ray/api/v0/tasks') sendJSON(response, tasks);
  else if (pathname === '/ray/api/version') sendJSON(response, { version: '4', ray_version: '2.60.0' });
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

const server = createServer((request, response) => {
  response.on('error', () => response.destroy());
  answer(request, response).catch((error: Error) => response.destroy(error));
});
server.on('upgrade', (request, socket) => {
  upgrade(request, socket).catch((error: Error) => socket.destroy(error));
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on('disconnect', () => process.exit());
