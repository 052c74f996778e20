import { type Answer, rejectionOf, sendJson, startServer, startTcpServer } from '@raywire/testing';
import { expect, test } from 'vitest';
import { ClientConnectionError } from '../errors/client-connection-error.js';
import { BaseClient } from './base-client.js';
import type { RetryEvent } from './call-hooks.js';

async function serve(answer: Answer, options = {}) {
  const server = await startServer(answer);
  const retries: RetryEvent[] = [];
  const client = new BaseClient({
    baseURL: server.url,
    onRetry: (event) => void retries.push(event),
    ...options,
  });
  return Object.assign(server, { client, retries });
}

const failOnce =
  (status: number, headers = {}): Answer =>
  (_request, response, count) =>
    sendJson(response, count === 1 ? status : 200, { count }, count === 1 ? headers : {});

test.each([408, 429, 502, 503, 504])('a GET is repeated after %i', async (status) => {
  await using server = await serve(failOnce(status));
  expect((await server.client.request({ path: 'x' })).data).toEqual({ count: 2 });
  expect(server.retries).toHaveLength(1);
  expect(server.retries[0]).toMatchObject({ method: 'GET', attempt: 1, error: { statusCode: status } });
  const [first, second] = server.requests;
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(120);
});

test.each([400, 401, 403, 404, 405, 409, 422, 500, 501])('a GET is not repeated after %i', async (status) => {
  await using server = await serve(failOnce(status));
  await expect(server.client.request({ path: 'x' })).rejects.toMatchObject({ statusCode: status });
  expect(server.requests).toHaveLength(1);
});

test.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)(
  'a %s is sent once, whatever happens',
  async (method) => {
    await using server = await serve((request, response) => {
      if (request.url === '/reset') response.destroy();
      else sendJson(response, 503, {});
    });
    await expect(server.client.request({ method, path: 'x' })).rejects.toMatchObject({ statusCode: 503 });
    await expect(server.client.request({ method, path: 'reset' })).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
    });
    expect(server.requests).toHaveLength(2);
  },
);

test('a write that is idempotent by construction is repeated, unless its body can be read only once', async () => {
  await using server = await serve((_request, response, count) =>
    sendJson(response, count % 2 === 1 ? 503 : 200, {}),
  );
  const call = { method: 'POST', path: 'x', idempotent: true } as const;
  await server.client.request({ ...call, json: { a: 1 } });
  expect(server.requests.map(({ body }) => body)).toEqual(['{"a":1}', '{"a":1}']);
  async function* once() {
    yield new TextEncoder().encode('x');
  }
  await expect(server.client.request({ ...call, body: once() })).rejects.toMatchObject({ statusCode: 503 });
  await server.client.request({ path: 'x', maxRetries: 0 });
  await server.client.request({ ...call, body: once });
  expect(server.requests.slice(-2).map(({ body }) => body)).toEqual(['x', 'x']);
});

test('the attempts end after maxRetries, of the call or of the client', async () => {
  await using server = await serve((_request, response) => sendJson(response, 503, {}));
  await expect(server.client.request({ path: 'x', maxRetries: 1 })).rejects.toMatchObject({
    statusCode: 503,
  });
  expect(server.requests).toHaveLength(2);
  await expect(server.client.request({ path: 'x', maxRetries: 0 })).rejects.toMatchObject({
    statusCode: 503,
  });
  expect(server.requests).toHaveLength(3);
  await expect(server.client.request({ path: 'x' })).rejects.toMatchObject({ statusCode: 503 });
  expect(server.requests).toHaveLength(6);
  expect(server.retries.map(({ attempt }) => attempt)).toEqual([1, 1, 2]);
});

test('a GET is repeated after a reset, and after an answer that broke off', async () => {
  await using server = await serve((_request, response, count) => {
    if (count === 1) response.destroy();
    else if (count === 2) {
      response.writeHead(200, { 'content-length': 9 }).write('{');
      setImmediate(() => response.destroy());
    } else sendJson(response, 200, { count });
  });
  expect((await server.client.request({ path: 'x' })).data).toEqual({ count: 3 });
});

test('a GET is repeated after a time-out of its reading', async () => {
  await using server = await serve(
    (_request, response, count) => (count === 1 ? undefined : sendJson(response, 200, { count })),
    { readTimeoutMs: 300 },
  );
  expect((await server.client.request({ path: 'x' })).data).toEqual({ count: 2 });
  expect(server.retries[0]?.error).toMatchObject({ code: 'READ_TIMEOUT', statusCode: 408 });
});

test('a server that is not there is a connection error of status 503, with the reason', async () => {
  const probe = await startServer(() => undefined);
  await probe.close();
  const error = await rejectionOf(
    new BaseClient({ baseURL: probe.url, maxRetries: 1 }).request({ path: 'x' }),
  );
  expect(ClientConnectionError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ statusCode: 503, code: 'CONNECTION_FAILED' });
  expect((error as Error).message).toMatch(/ECONNREFUSED.*nothing listens there/);
});

test.each([
  ['a name that does not exist', 'http://no-such-host.invalid/', /ENOTFOUND|EAI_AGAIN/],
  ['TLS where none is spoken', 'https', /TLS/],
  ['what is not HTTP', 'http', /not HTTP|closed/],
])('%s is told apart', async (_name, place, message) => {
  await using raw = await startTcpServer((socket) => socket.resume().end('SSH-2.0-OpenSSH_9.6\r\n'));
  const baseURL = place.includes(':') ? place : `${place}://127.0.0.1:${raw.port}`;
  const error = await rejectionOf(new BaseClient({ baseURL, maxRetries: 0 }).request({ path: 'x' }));
  expect(error).toMatchObject({ code: 'CONNECTION_FAILED' });
  expect((error as Error).message).toMatch(message);
});

test('Retry-After is honoured, in seconds and as a date', async () => {
  await using seconds = await serve(failOnce(503, { 'retry-after': '1' }));
  await seconds.client.request({ path: 'x' });
  expect(seconds.retries[0]?.delayMs).toBe(1_000);
  const date = new Date(Date.now() + 2_000).toUTCString();
  await using dated = await serve(failOnce(429, { 'retry-after': date }));
  await dated.client.request({ path: 'x' });
  expect(dated.retries[0]?.delayMs).toBeGreaterThan(500);
  expect(dated.retries[0]?.delayMs).toBeLessThanOrEqual(2_000);
});

test('a Retry-After past 60 s fails at once, and says for how long', async () => {
  await using server = await serve(failOnce(503, { 'retry-after': '61' }));
  const error = await rejectionOf(server.client.request({ path: 'x' }));
  expect(error).toMatchObject({ statusCode: 503, retryAfterMs: 61_000 });
  expect(server.requests).toHaveLength(1);
});

test('redirects are followed on the same origin, for reads', async () => {
  await using server = await serve((request, response) => {
    if (request.url === '/api/a') response.writeHead(302, { location: '../b?x=1#y' }).end('moved');
    else if (request.url === '/b?x=1') response.writeHead(308, { location: `${server.url}/api/c` }).end();
    else sendJson(response, 200, { url: request.url, token: request.headers.authorization });
  }, {});
  const client = new BaseClient({ baseURL: `${server.url}/api`, headers: { authorization: 'kept' } });
  expect((await client.request({ path: 'a' })).data).toEqual({ url: '/api/c', token: 'kept' });
});

test.each([301, 302, 303, 307, 308])(
  'a redirect %i to another origin is refused, and no credential goes there',
  async (status) => {
    await using elsewhere = await startServer((_request, response) => sendJson(response, 200, {}));
    await using server = await serve(
      (_request, response) =>
        response.writeHead(status, { location: `${elsewhere.url}/x?token=hidden` }).end(),
      { headers: { authorization: 'a-credential' } },
    );
    const error = await rejectionOf(server.client.request({ path: 'x' }));
    expect(error).toMatchObject({ statusCode: 502, code: 'REDIRECT_REFUSED' });
    expect((error as Error).message).toContain(elsewhere.url);
    expect((error as Error).message).not.toContain('hidden');
    expect(elsewhere.requests).toHaveLength(0);
    expect(server.requests).toHaveLength(1);
  },
);

test('a redirect of a write is refused', async () => {
  await using server = await serve((_request, response) => response.writeHead(303, { location: '/y' }).end());
  const error = await rejectionOf(server.client.request({ method: 'POST', path: 'x', json: {} }));
  expect(error).toMatchObject({ code: 'REDIRECT_REFUSED' });
  expect(server.requests).toHaveLength(1);
});

test('redirects in a circle end after five, and one that leads nowhere is unexpected', async () => {
  await using server = await serve((request, response) =>
    response.writeHead(302, request.url === '/nowhere' ? {} : { location: '/round' }).end(),
  );
  await expect(server.client.request({ path: 'round' })).rejects.toMatchObject({ code: 'REDIRECT_REFUSED' });
  expect(server.requests).toHaveLength(6);
  await expect(server.client.request({ path: 'nowhere' })).rejects.toMatchObject({
    code: 'UNEXPECTED_RESPONSE',
  });
});
