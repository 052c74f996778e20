import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

/** Takes an answer out of Fastify's hands and begins it: 200, with the headers that the hooks have set (CORS) and these. */
export function beginAnswer(reply: FastifyReply, headers: Record<string, string | number>): ServerResponse {
  reply.hijack();
  return reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'cache-control': 'no-store',
    ...headers,
  });
}
