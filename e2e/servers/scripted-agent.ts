import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** One request for a log, as the script sees it. */
export interface LogCall {
  jobId: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  /** How many requests for a log came before it, over both wires. */
  index: number;
}

/** What the agent does; what is left out answers 404. */
export interface AgentScript {
  capabilities?: string[];
  job?(jobId: string): Record<string, unknown> | undefined;
  /** The whole log, for the finite read. */
  logs?(jobId: string): string | undefined;
  webSocket?(socket: WebSocket, call: LogCall): void;
  /** Answers the upgrade itself; true when it did. */
  refuseUpgrade?(socket: Socket, call: LogCall): boolean;
  stream?(response: ServerResponse, call: LogCall): void;
  /** Anything else. */
  request?(request: IncomingMessage, response: ServerResponse): boolean;
}

/** An agent on a real socket whose every answer is scripted. */
export interface ScriptedAgent {
  url: string;
  calls: LogCall[];
  requests: string[];
  close(): Promise<void>;
}

/** Starts an agent on a free loopback port. */
export async function startScriptedAgent(script: AgentScript): Promise<ScriptedAgent> {
  const sockets = new Set<Socket>();
  const calls: LogCall[] = [];
  const requests: string[] = [];
  const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const call = (jobId: string, request: IncomingMessage): LogCall => {
    const query = new URL(request.url ?? '/', 'http://agent').searchParams;
    const made: LogCall = { jobId, query, headers: request.headers, index: calls.length };
    calls.push(made);
    return made;
  };
  const server: Server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (script.request?.(request, response)) return;
    answer(script, request, response, call);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A test that resets connections sees the error on its own side.
    socket.on('error', () => socket.destroy());
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const jobId = /\/jobs\/([^/]+)\/logs\//.exec(request.url ?? '')?.[1] ?? '';
    requests.push(`UPGRADE ${request.url}`);
    const made = call(jobId, request);
    if (script.refuseUpgrade?.(socket, made)) return;
    if (script.webSocket === undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => script.webSocket?.(webSocket, made));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    requests,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(
  script: AgentScript,
  request: IncomingMessage,
  response: ServerResponse,
  call: (jobId: string, request: IncomingMessage) => LogCall,
): void {
  const { pathname } = new URL(request.url ?? '/', 'http://agent');
  const [, jobId = '', tail = ''] = /^\/jobs\/([^/]+)\/(.*)$/.exec(pathname) ?? [];
  if (pathname === '/health/') {
    json(response, { status: 'ok', ...(script.capabilities && { capabilities: script.capabilities }) });
  } else if (jobId !== '' && tail === 'logs/stream/' && script.stream !== undefined) {
    script.stream(response, call(jobId, request));
  } else if (jobId !== '' && tail === 'logs/' && script.logs?.(jobId) !== undefined) {
    json(response, script.logs(jobId));
  } else if (jobId !== '' && tail === '' && script.job?.(jobId) !== undefined) {
    json(response, script.job(jobId));
  } else {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"detail":"Not found."}');
  }
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** Sends events as an old agent does: one line a message. */
export function sendLines(socket: WebSocket, lines: readonly string[]): void {
  for (const message of lines) socket.send(JSON.stringify({ type: 'log', message }));
}

/** The same over SSE, as Python's `json.dumps` writes it. */
export function writeLines(response: ServerResponse, lines: readonly string[]): void {
  for (const message of lines) response.write(`data: ${pythonJson({ message })}\n\n`);
}

/** Python puts a space after `:` and `,`, and escapes what is not ASCII. */
function pythonJson(value: Record<string, unknown>): string {
  const body = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${JSON.stringify(item)}`);
  return `{${body.join(', ')}}`.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
