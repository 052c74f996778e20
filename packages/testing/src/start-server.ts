import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { type LoopbackServer, startHttpServer } from './loopback-server.ts';

/** One request that came, its body read. */
export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
  /** By `performance.now()`. */
  at: number;
}

/** A real HTTP server for one test. */
export interface TestServer extends LoopbackServer {
  requests: SeenRequest[];
}

/** Answers one request; `count` is how many have come, this one included. */
export type Answer = (request: SeenRequest, response: ServerResponse, count: number) => unknown;

/** Starts an HTTP server that reads each request whole, keeps it, and then answers it. */
export async function startServer(answer: Answer): Promise<TestServer> {
  const requests: SeenRequest[] = [];
  const server = await startHttpServer(async (incoming, response) => {
    const { method = '', url = '', headers } = incoming;
    const body = await text(incoming).catch(() => undefined);
    // The client left in the middle of its body.
    if (body === undefined) return;
    const seen = { method, url, headers, body, at: performance.now() };
    requests.push(seen);
    await answer(seen, response, requests.length);
  });
  return { ...server, requests };
}
