import { setTimeout as delay } from 'node:timers/promises';
import { rejectionOf, startHttpServer, startServer } from '@raywire/testing';
import { expect, test, vi } from 'vitest';
import type { HttpRequest, HttpResponse } from '../contracts/http-requester.js';
import { fetchRequester } from './fetch-requester.js';

function send(url: string, changes: Partial<HttpRequest> = {}): Promise<HttpResponse> {
  return fetchRequester().request({
    method: 'GET',
    url,
    headers: {},
    signal: new AbortController().signal,
    connectTimeoutMs: 5_000,
    readTimeoutMs: 5_000,
    ...changes,
  });
}

test('answers of any status come as they are, redirects too, with names in lower case', async () => {
  await using server = await startServer((_request, response) =>
    response.writeHead(302, { Location: '/elsewhere', 'X-Name': 'v' }).end('body'),
  );
  const response = await send(server.url);
  expect(response.status).toBe(302);
  expect(response.headers).toMatchObject({ location: '/elsewhere', 'x-name': 'v' });
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe('body');
  expect(server.requests).toHaveLength(1);
});

test('a body that is left early, or cancelled while a reader waits, frees the socket', async () => {
  await using server = await startServer((_request, response) => response.writeHead(200).write('x'));
  const left = await send(server.url);
  for await (const _chunk of left.body) break;
  await server.idle();
  const waiting = await send(server.url);
  const chunks = waiting.body[Symbol.asyncIterator]();
  await chunks.next();
  const next = chunks.next();
  waiting.cancel();
  expect(await next).toMatchObject({ done: true });
  await server.idle();
  (await send(server.url)).cancel();
  await server.idle();
});

test('a slow reader stops the writer', async () => {
  let written = 0;
  const piece = 'x'.repeat(65_536);
  await using server = await startServer((_request, response) => {
    const write = (): void => {
      while (!response.destroyed && response.write(piece)) written += piece.length;
      written += piece.length;
    };
    response.on('drain', write);
    write();
  });
  const { body, cancel } = await send(server.url);
  const chunks = body[Symbol.asyncIterator]();
  await chunks.next();
  let before = -1;
  await vi.waitFor(
    () => {
      const moved = written - before;
      before = written;
      expect(moved).toBe(0);
    },
    { interval: 200, timeout: 5_000 },
  );
  expect(written).toBeLessThan(32 * 1024 * 1024);
  cancel();
});

test('silence between two chunks is a read time-out, and a reader that is slow itself is not', async () => {
  await using server = await startServer((request, response) => {
    response.writeHead(200).write('x');
    if (request.url === '/whole') setImmediate(() => response.end('y'));
  });
  const slow = await send(`${server.url}/whole`, { readTimeoutMs: 300 });
  const chunks = slow.body[Symbol.asyncIterator]();
  await chunks.next();
  await new Promise((resolve) => setTimeout(resolve, 450));
  while ((await chunks.next()).done !== true);
  const silent = (await send(server.url, { readTimeoutMs: 300 })).body[Symbol.asyncIterator]();
  await silent.next();
  expect(await rejectionOf(silent.next())).toMatchObject({ code: 'READ_TIMEOUT', statusCode: 408 });
  expect(await rejectionOf(silent.next())).toMatchObject({ code: 'READ_TIMEOUT' });
});

test('a body that takes longer than a time-out to send is no silence, and what follows it is', async () => {
  await using server = await startServer((request, response) => {
    if (request.url === '/answered') response.end('taken');
  });
  async function* slowly() {
    for (let chunk = 0; chunk < 6; chunk++) {
      yield new Uint8Array(1_000);
      await delay(60);
    }
  }
  const changes = { method: 'PUT', connectTimeoutMs: 200, readTimeoutMs: 200 };
  const response = await send(`${server.url}/answered`, { ...changes, body: slowly() });
  expect(response.status).toBe(200);
  response.cancel();
  const mute = send(`${server.url}/mute`, { ...changes, body: slowly() });
  expect(await rejectionOf(mute)).toMatchObject({ code: 'READ_TIMEOUT' });
});

test('a read time-out of 0 is none', async () => {
  await using server = await startServer((_request, response) => {
    response.writeHead(200).write('x');
    setTimeout(() => response.end('y'), 100);
  });
  let text = '';
  for await (const chunk of (await send(server.url, { readTimeoutMs: 0 })).body) text += Buffer.from(chunk);
  expect(text).toBe('xy');
});

test('a certificate that is not trusted is said so', async () => {
  // Without a certificate of its own a server can only fail the handshake, which is told apart too.
  await using server = await startHttpServer(() => undefined, { tls: {} });
  const error = await rejectionOf(send(`${server.url}/`));
  expect(error).toMatchObject({ code: 'CONNECTION_FAILED', statusCode: 503 });
  expect((error as Error).message).toMatch(/cannot be reached \(ERR_SSL/);
});

test.each([
  [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, /certificate is not trusted/],
  [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, /certificate is not trusted/],
  [{ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, /certificate is not trusted/],
  [{ code: 'EAI_AGAIN' }, /cannot be resolved/],
  [new AggregateError([{ code: 'ECONNREFUSED' }, { code: 'ECONNREFUSED' }]), /nothing listens/],
  [undefined, /CORS/],
])('a failure of fetch by %j is told by its cause', async (cause, message) => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed', { cause })));
  try {
    const error = await rejectionOf(send('http://host/x?token=hidden'));
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toMatch(/^http:\/\/host cannot be reached/);
  } finally {
    vi.unstubAllGlobals();
  }
});

test('an opaque redirect, as browsers give it, is refused', async () => {
  vi.stubGlobal('fetch', async () =>
    Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' }),
  );
  try {
    expect(await rejectionOf(send('http://host/'))).toMatchObject({
      code: 'REDIRECT_REFUSED',
      statusCode: 502,
    });
  } finally {
    vi.unstubAllGlobals();
  }
});
