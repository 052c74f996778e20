import type { IncomingMessage, ServerResponse } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { type LoopbackServer, startHttpServer } from './loopback-server.ts';
import { beginRange, jobDetails } from './ray-answers.ts';
import { sendJson } from './send-json.ts';

/** What the head needs of the gateway's `JobDriver`. */
export interface HeadDriver {
  get(jobId: string): Promise<{ status: string }>;
  openLog(jobId: string, fromByte: number): Promise<HeadLog>;
}

/** What it needs of a `JobLog`. */
export interface HeadLog {
  readonly size: number;
  /** `undefined` while the job runs. */
  readonly end: unknown;
  read(position: number, maxBytes: number): Promise<Uint8Array>;
  watch(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Its jobs, and what differs from a real Ray. */
export interface RayHeadOptions {
  driver: HeadDriver;
  /** Where the node agent is said to listen: behind a proxy. */
  agentAddress(): string;
  /** Whole files come without chunks or a length, as old proxies pass them: a cut looks like an end. */
  unframed?(jobId: string): boolean;
  /** Answers by itself; true when it did. */
  intercept?(request: IncomingMessage, response: ServerResponse): boolean;
  /** What becomes of a job's WebSocket after so many bytes of the file, in place of all that follows. */
  breakAt?(jobId: string): { bytes: number; break(socket: WebSocket): void } | undefined;
}

const NODE_ID = 'f'.repeat(56);
const JOB = /^\/api\/jobs\/([\w-]+)$/;
const TAIL = /^\/api\/jobs\/([\w-]+)\/logs\/tail$/;
const FILE = /^job-driver-([\w-]+)\.log$/;

/** Starts an imitation of a Ray cluster's head and node agent, over the jobs of a driver. */
export function startRayHead(options: RayHeadOptions): Promise<LoopbackServer> {
  const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  return startHttpServer(
    (request, response) => {
      response.on('error', () => response.destroy());
      if (options.intercept?.(request, response)) return;
      answer(options, request, response).catch((error: { statusCode?: number }) => {
        const status = error.statusCode === 404 ? 404 : 500;
        response.writeHead(status, { 'content-type': 'text/plain' }).end(String(error));
      });
    },
    {
      onUpgrade(request, socket, head) {
        const [, jobId] = TAIL.exec(request.url ?? '') ?? [];
        if (jobId === undefined) socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
        else
          webSockets.handleUpgrade(request, socket, head, (webSocket) => {
            webSocket.on('error', () => webSocket.terminate());
            sendOnWebSocket(options, jobId, webSocket).catch(() => webSocket.terminate());
          });
      },
    },
  );
}

async function answer(
  { driver, agentAddress, unframed }: RayHeadOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://head');
  const isWhole = pathname === '/api/v0/logs/file';
  const [, jobOfFile] = FILE.exec((isWhole ? searchParams.get('filename') : pathname.slice(6)) ?? '') ?? [];
  const [, job] = JOB.exec(pathname) ?? [];
  if (job !== undefined) {
    const details = await driver.get(job);
    const isPlaced = details.status !== 'PENDING';
    sendJson(
      response,
      200,
      jobDetails(job, {
        ...details,
        driver_agent_http_address: isPlaced ? agentAddress() : null,
        driver_node_id: isPlaced ? NODE_ID : null,
      }),
    );
  } else if (jobOfFile !== undefined && (isWhole || pathname.startsWith('/logs/'))) {
    const log = await driver.openLog(jobOfFile, 0);
    const { size } = log;
    if (isWhole) {
      if (unframed?.(jobOfFile)) {
        response.useChunkedEncodingByDefault = false;
        response.setHeader('connection', 'close');
      }
      response.writeHead(200, { 'content-type': 'text/plain' });
      await write(response, log, 0, size);
      response.end();
    } else {
      const part = beginRange(response, request.headers.range, size);
      if (part !== undefined) await write(response, log, part.start, part.end);
      response.end();
    }
    // Who has read all that is there makes the job go on.
    await log.read(size, 1);
    await log.close();
  } else {
    const isTail = TAIL.test(pathname);
    response.writeHead(isTail ? 400 : 404, { 'content-type': 'text/plain' });
    response.end(isTail ? 'No WebSocket UPGRADE hdr: None' : '404: Not Found');
  }
}

async function write(response: ServerResponse, log: HeadLog, start: number, end: number): Promise<void> {
  for (let position = start; position < end; ) {
    const bytes = await log.read(position, end - position);
    response.write(bytes);
    position += bytes.length;
  }
}

/**
 * As Ray does: from the start each time, cut at will, decoded with every `\r\n` and `\r` as `\n`, and closed with 1000 at
 * the end as well as at a byte that is not UTF-8.
 */
async function sendOnWebSocket(
  { driver, breakAt }: RayHeadOptions,
  jobId: string,
  socket: WebSocket,
): Promise<void> {
  const log = await driver.openLog(jobId, 0);
  const text = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
  const breaks = breakAt?.(jobId);
  let held = '';
  for (let position = 0; ; ) {
    if (breaks !== undefined && position >= breaks.bytes) {
      breaks.break(socket);
      return;
    }
    const changed = new Promise<void>((resolve) => {
      const unwatch = log.watch(() => {
        unwatch();
        resolve();
      });
    });
    const room = (breaks?.bytes ?? Number.POSITIVE_INFINITY) - position;
    const bytes = await log.read(position, room);
    if (bytes.length === 0 && log.end !== undefined) break;
    if (bytes.length === 0) {
      await changed;
      continue;
    }
    position += bytes.length;
    try {
      const decoded = held + text.decode(bytes, { stream: true });
      // It may be half of a `\r\n`.
      held = decoded.endsWith('\r') ? '\r' : '';
      const piece = canonical(decoded.slice(0, decoded.length - held.length));
      if (piece !== '') socket.send(piece);
    } catch {
      break;
    }
  }
  if (held !== '' && log.end !== undefined) socket.send('\n');
  socket.close(1000);
}

function canonical(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}
