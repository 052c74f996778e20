import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { AgentClient, type AgentClientOptions } from '@raywire/agent';
import { startHttpServer } from '@raywire/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { ENCODINGS, hasSecret, printable, SECRETS } from './lab/marked-secrets.js';

/** Answers a request, or an upgrade by hand. */
type Answer = (request: IncomingMessage, socket: Socket, elsewhere: string) => void;

const closing: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const open of closing.splice(0).reverse()) await open.close();
});

async function serve(onRequest: (request: IncomingMessage, socket: Socket) => void): Promise<string> {
  const server = await startHttpServer(
    (request, response) => {
      const { socket } = response;
      response.detachSocket(socket as Socket);
      onRequest(request, socket as Socket);
    },
    { onUpgrade: onRequest },
  );
  closing.push(server);
  return server.url;
}

const reply = (status: number, body: string, headers: Record<string, string> = {}): string =>
  [
    `HTTP/1.1 ${status} Whatever`,
    ...Object.entries({
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
      ...headers,
    }).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n');

/** The credentials of a request, as they came. */
function secretsOf({ headers }: IncomingMessage): string[] {
  return [headers.authorization, headers['synapse-user'], headers['synapse-tenant']].map(String);
}

/** What an error page echoes of a request: short enough to be shown whole. */
function echo(request: IncomingMessage, encode: (text: string) => string = String): string {
  return `${request.method} ${request.url?.split('?')[0]} ${secretsOf(request).map(encode).join(' ')}`;
}

const escaped = (request: IncomingMessage) => JSON.stringify({ detail: echo(request) });
const json = { 'content-type': 'application/json' };
const html = { 'content-type': 'text/html' };
const sse = { 'content-type': 'text/event-stream' };

const answers: [name: string, answer: Answer][] = [
  ...Object.entries(ENCODINGS).flatMap(([name, encode]): [string, Answer][] => [
    [
      `502 and a page with the credentials ${name}`,
      (request, socket) => socket.end(reply(502, echo(request, encode), html)),
    ],
    [
      `400 and JSON with the credentials ${name}`,
      (request, socket) => socket.end(reply(400, JSON.stringify({ detail: echo(request, encode) }), json)),
    ],
    [
      `403 and text with the credentials ${name}`,
      (request, socket) => socket.end(reply(403, echo(request, encode), { 'content-type': 'text/plain' })),
    ],
  ]),
  ...[400, 401, 403, 404, 408, 409, 416, 418, 422, 429, 500, 501, 502, 503, 504].flatMap(
    (status): [string, Answer][] => [
      [
        `${status} and a page that echoes the request`,
        (request, socket) => socket.end(reply(status, `<pre>${echo(request)}</pre>`, html)),
      ],
      [
        `${status} and JSON that echoes the request`,
        (request, socket) => socket.end(reply(status, escaped(request), json)),
      ],
    ],
  ),
  [
    '422 and a list that echoes the request',
    (request, socket) =>
      socket.end(
        reply(
          422,
          JSON.stringify({ detail: [{ loc: [echo(request)], msg: echo(request), type: 'x' }] }),
          json,
        ),
      ),
  ],
  [
    '200 and a page that echoes the request',
    (request, socket) => socket.end(reply(200, echo(request), html)),
  ],
  [
    '200 and JSON that is cut off',
    (request, socket) => socket.end(reply(200, escaped(request).slice(0, -2), json)),
  ],
  [
    'a header that echoes the request',
    (request, socket) =>
      socket.end(
        reply(500, '', {
          'x-echo': encodeURIComponent(secretsOf(request).join(' ')),
          'set-cookie': secretsOf(request).join('; '),
        }),
      ),
  ],
  [
    'a body that breaks off',
    (request, socket) => socket.end(reply(500, echo(request), { 'content-length': '99999999' })),
  ],
  ['what is not HTTP', (request, socket) => socket.end(echo(request))],
  ['a reset', (_, socket) => socket.resetAndDestroy()],
  [
    'a reset in the body',
    (request, socket) =>
      socket.write(reply(200, escaped(request), { ...json, 'content-length': '99999999' }), () =>
        setImmediate(() => socket.resetAndDestroy()),
      ),
  ],
  [
    'an error event',
    (request, socket) =>
      socket.end(reply(200, `data: ${JSON.stringify({ type: 'error', message: echo(request) })}\n\n`, sse)),
  ],
  ...[301, 302, 303, 307, 308].flatMap((status): [string, Answer][] => [
    [
      `${status} to another origin`,
      (request, socket, elsewhere) =>
        socket.end(reply(status, echo(request), { location: `${elsewhere}/x?token=${SECRETS.query}` })),
    ],
    [
      `${status} to another origin with credentials`,
      (_, socket, elsewhere) =>
        socket.end(reply(status, '', { location: elsewhere.replace('//', `//me:${SECRETS.password}@`) })),
    ],
    [
      `${status} to another scheme`,
      (_, socket) =>
        socket.end(
          reply(status, '', { location: `ftp://me:${SECRETS.password}@127.0.0.1/?token=${SECRETS.query}` }),
        ),
    ],
    [
      `${status} round and round`,
      (request, socket) =>
        socket.end(reply(status, '', { location: `${request.url?.split('?')[0]}?token=${SECRETS.query}` })),
    ],
    [
      `${status} to nowhere`,
      (_, socket) => socket.end(reply(status, '', { location: `http://[?token=${SECRETS.query}` })),
    ],
  ]),
  [
    'a page that goes on elsewhere',
    (_, socket, elsewhere) =>
      socket.end(
        reply(
          200,
          JSON.stringify({ count: 9, results: [], next: `${elsewhere}/jobs/?page=2&token=${SECRETS.query}` }),
          json,
        ),
      ),
  ],
  [
    'a page whose next one is no URL',
    (_, socket) =>
      socket.end(
        reply(200, JSON.stringify({ count: 9, results: [], next: `http://[?token=${SECRETS.query}` }), json),
      ),
  ],
];

const calls: [name: string, call: (client: AgentClient, seen: unknown[]) => Promise<unknown>][] = [
  ['listJobs', (client) => client.listJobs()],
  ['getJobLogs', (client) => client.getJobLogs('job')],
  ['stopJob', (client) => client.stopJob('job')],
  ['deleteServeApplication', (client) => client.deleteServeApplication('app')],
  ['submitJob', (client) => client.submitJob({ entrypoint: 'true' })],
  ...(['websocket', 'http', 'auto'] as const).map((protocol): (typeof calls)[number] => [
    `a tail by ${protocol}`,
    async (client, seen) => {
      const tail = client.tailJobLogs('job', {
        protocol,
        timeoutMs: 500,
        onEvent: (event) => seen.push(event),
      });
      try {
        // What is in the log is the log's own affair.
        for await (const _ of tail);
      } finally {
        seen.push(await tail.end, tail.cursor);
      }
    },
  ]),
];

describe.each(answers)('%s', (_, answer) => {
  it.each(calls)('lets no secret out of %s', async (_name, call) => {
    const strayed: string[] = [];
    const elsewhere = await serve((request, socket) => {
      strayed.push(`${request.url} ${JSON.stringify(request.headers)}`);
      socket.end(reply(200, '[]', json));
    });
    const baseURL = await serve((request, socket) => answer(request, socket, elsewhere));
    const seen: unknown[] = [];
    const hook = (event: unknown) => seen.push(event);
    const client = clientOf(baseURL, { onRequest: hook, onResponse: hook, onRetry: hook });
    // What a call brings back is the server's own; what it throws is shown to people.
    await call(client, seen).catch((error: unknown) => seen.push(error));
    expect(strayed).toEqual([]);
    expect(seen.length).toBeGreaterThan(0);
    for (const value of seen) {
      const text = printable(value);
      if (hasSecret(text)) expect(text).toBe('without any secret');
    }
  });
});

function clientOf(baseURL: string, options: Partial<AgentClientOptions>): AgentClient {
  const { agentToken, userToken, tenant } = SECRETS;
  const client = new AgentClient({
    baseURL,
    agentToken,
    userToken,
    tenant,
    maxRetries: 1,
    timeoutMs: 2_000,
    reconnect: { initialDelayMs: 1, maxDelayMs: 2, giveUpAfterMs: 50 },
    ...options,
  });
  closing.push(client);
  return client;
}

describe('a secret in the wrong place', () => {
  it.each([
    { baseURL: `http://me:${SECRETS.password}@127.0.0.1:9/` },
    { baseURL: `http://127.0.0.1:9/?token=${SECRETS.query}` },
    { baseURL: `http://127.0.0.1:9/#${SECRETS.query}` },
    { baseURL: `ftp://me:${SECRETS.password}@127.0.0.1/` },
    { baseURL: `http://[?token=${SECRETS.query}` },
    { baseURL: 'http://127.0.0.1:9', agentToken: `${SECRETS.password}\r\nx: y` },
    { baseURL: 'http://127.0.0.1:9', headers: { authorization: `${SECRETS.password}\r\nx: y` } },
    { baseURL: 'http://127.0.0.1:9', [SECRETS.query]: 1 },
  ])('is refused without being repeated: option set %#', (options) => {
    let thrown: unknown;
    try {
      closing.push(new AgentClient(options as AgentClientOptions));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ statusCode: 400 });
    // An unknown option's name is no secret; its value is not shown.
    if (!(SECRETS.query in options)) expect(hasSecret(printable(thrown))).toBe(false);
  });
});
