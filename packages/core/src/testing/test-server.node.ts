import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One request that came, its body read. */
export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
  at: number;
}

/** A real HTTP server for one test. */
export interface TestServer extends AsyncDisposable {
  /** Without a trailing slash. */
  url: string;
  requests: SeenRequest[];
  /** Resolves when all sockets of clients are gone. */
  idle(): Promise<void>;
  /** Stops listening and ends all connections. */
  close(): Promise<void>;
}

/** Answers one request; `count` is how many have come, this one included. */
export type Answer = (request: SeenRequest, response: ServerResponse, count: number) => unknown;

/** Starts a server on a free port of 127.0.0.1. */
export async function startServer(answer: Answer): Promise<TestServer> {
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(async (incoming, response) => {
    let body = '';
    incoming.setEncoding('utf8');
    incoming.on('error', () => undefined);
    for await (const chunk of incoming) body += chunk;
    const { method = '', url = '', headers } = incoming;
    const seen = { method, url, headers, body, at: performance.now() };
    requests.push(seen);
    await answer(seen, response, requests.length);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async idle() {
      while (sockets.size > 0) await new Promise((resolve) => [...sockets][0]?.once('close', resolve));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

/** What a promise is rejected with; fails when it is not. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('It was expected to be rejected, and was not.');
}
