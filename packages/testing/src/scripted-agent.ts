import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { startHttpServer } from './loopback-server.ts';
import { pythonJson } from './python-json.ts';
import { sendJson } from './send-json.ts';

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
  /** Whether there is a job at this path and query. Default: yes. */
  knows?(jobId: string, url: string): boolean;
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
  const calls: LogCall[] = [];
  const requests: string[] = [];
  const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const call = (jobId: string, { url = '/', headers }: IncomingMessage): LogCall => {
    const query = new URL(url, 'http://agent').searchParams;
    const made: LogCall = { jobId, query, headers, index: calls.length };
    calls.push(made);
    return made;
  };
  const { url, close } = await startHttpServer(
    (request, response) => {
      requests.push(`${request.method} ${request.url}`);
      if (script.request?.(request, response)) return;
      answer(script, request, response, call);
    },
    {
      onUpgrade(request, socket, head) {
        const [, jobId = ''] = /\/jobs\/([^/]+)\/logs\//.exec(request.url ?? '') ?? [];
        requests.push(`UPGRADE ${request.url}`);
        const made = call(jobId, request);
        if (script.refuseUpgrade?.(socket, made)) return;
        if (script.webSocket === undefined || script.knows?.(jobId, request.url ?? '') === false) {
          socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
          return;
        }
        webSockets.handleUpgrade(request, socket, head, (webSocket) => script.webSocket?.(webSocket, made));
      },
    },
  );
  return { url, calls, requests, close };
}

function answer(
  script: AgentScript,
  request: IncomingMessage,
  response: ServerResponse,
  call: (jobId: string, request: IncomingMessage) => LogCall,
): void {
  const { url = '/' } = request;
  const { pathname } = new URL(url, 'http://agent');
  const [, jobId = '', tail = ''] = /^\/jobs\/([^/]+)\/(.*)$/.exec(pathname) ?? [];
  const isKnown = jobId !== '' && script.knows?.(jobId, url) !== false;
  if (isKnown && tail === 'logs/stream/' && script.stream !== undefined) {
    script.stream(response, call(jobId, request));
    return;
  }
  let found: unknown;
  if (pathname === '/health/') {
    found = { status: 'ok', ...(script.capabilities && { capabilities: script.capabilities }) };
  } else if (isKnown && tail === 'logs/') found = script.logs?.(jobId);
  else if (isKnown && tail === '') found = script.job?.(jobId);
  if (found === undefined) sendJson(response, 404, { detail: 'Not found.' });
  else sendJson(response, 200, found);
}

/** Sends events as an old agent does: one line a message. */
export function sendLines(socket: WebSocket, lines: readonly string[]): void {
  for (const message of lines) socket.send(JSON.stringify({ type: 'log', message }));
}

/** The same over SSE, as Python's `json.dumps` writes it. */
export function writeLines(response: ServerResponse, lines: readonly string[]): void {
  for (const message of lines) response.write(`data: ${pythonJson({ message })}\n\n`);
}
