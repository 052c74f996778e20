import { type Answer, rejectionOf, sendJson, startServer } from '@raywire/testing';
import { expect, test } from 'vitest';
import { AuthenticationError } from '../errors/authentication-error.js';
import { AuthorizationError } from '../errors/authorization-error.js';
import { BrowserTrafficBlockedError } from '../errors/browser-traffic-blocked-error.js';
import { ClientConnectionError } from '../errors/client-connection-error.js';
import { ConflictError } from '../errors/conflict-error.js';
import { HTTPError } from '../errors/http-error.js';
import { NotFoundError } from '../errors/not-found-error.js';
import { RateLimitError } from '../errors/rate-limit-error.js';
import { ServerError } from '../errors/server-error.js';
import { ValidationError } from '../errors/validation-error.js';
import { BaseClient } from './base-client.js';

async function serve(answer: Answer, options = {}) {
  const server = await startServer(answer);
  const client = new BaseClient({ baseURL: server.url, maxRetries: 0, ...options });
  return Object.assign(server, {
    client,
    async [Symbol.asyncDispose]() {
      await client.close();
      await server.close();
    },
  });
}

test.each([
  [400, ValidationError, 'VALIDATION_FAILED'],
  [401, AuthenticationError, 'AUTHENTICATION_FAILED'],
  [403, AuthorizationError, 'PERMISSION_DENIED'],
  [404, NotFoundError, 'NOT_FOUND'],
  [405, HTTPError, 'HTTP_ERROR'],
  [408, HTTPError, 'HTTP_ERROR'],
  [409, ConflictError, 'CONFLICT'],
  [413, HTTPError, 'HTTP_ERROR'],
  [422, ValidationError, 'VALIDATION_FAILED'],
  [429, RateLimitError, 'RATE_LIMITED'],
  [500, ServerError, 'SERVER_ERROR'],
  [501, ServerError, 'SERVER_ERROR'],
  [502, ServerError, 'SERVER_ERROR'],
  [503, ServerError, 'SERVER_ERROR'],
  [504, ServerError, 'SERVER_ERROR'],
])('an answer %i is its class, with what the server said', async (status, Class, code) => {
  await using server = await serve((_request, response) =>
    sendJson(response, status, { detail: 'it says no' }, { 'x-request-id': 'r-1' }),
  );
  const error = await rejectionOf(server.client.request({ path: 'jobs/x/?ticket=hidden' }));
  expect(Class.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ statusCode: status, code, detail: 'it says no', requestId: 'r-1' });
  expect((error as Error).message).toBe(`GET /jobs/x/ was answered ${status}: it says no`);
});

test.each([
  [
    'application/json',
    '{"detail":[{"loc":["body","entrypoint"],"msg":"field required","type":"missing"},{"loc":["query","limit"],"msg":"too large"}]}',
    'body.entrypoint: field required; query.limit: too large',
  ],
  ['application/json', '{"error":{"a":1}}', '{"error":{"a":1}}'],
  ['application/json', '{"message":"said so"}', 'said so'],
  ['application/json', '"just text"', 'just text'],
  ['application/json', '{"detail": "cut', '{"detail": "cut'],
  ['text/plain', 'Job nope does not exist\n', 'Job nope does not exist'],
  [
    'text/plain',
    'Traceback (most recent call last):\n  File "x"\nValueError: already exists\n.\n',
    'ValueError: already exists',
  ],
  [
    'text/html',
    '<html><head><title>502 Bad\n Gateway</title></head></html>',
    'an HTML page, titled "502 Bad Gateway", as a proxy sends it',
  ],
  ['text/plain', 'a\u0000b\u001b[31mc', 'a b [31mc'],
])('a refusal of type %s is told readably: %s', async (type, body, expected) => {
  await using server = await serve((_request, response) =>
    response.writeHead(422, { 'content-type': type }).end(body),
  );
  const error = await rejectionOf(server.client.request({ path: 'x' }));
  expect((error as Error).message).toBe(`GET /x was answered 422: ${expected}`);
});

test('a refusal without a body says what to check', async () => {
  await using server = await serve((_request, response) => response.writeHead(401).end());
  const error = await rejectionOf(server.client.request({ path: 'x' }));
  expect((error as Error).message).toBe('GET /x was answered 401. Check the token.');
  expect(error).toMatchObject({ detail: undefined });
});

test('Ray taking the caller for a browser is said so, with what to do', async () => {
  await using server = await serve((_request, response) =>
    response.writeHead(405).end('Method Not Allowed for browser traffic.'),
  );
  const error = await rejectionOf(server.client.request({ method: 'POST', path: 'x', json: {} }));
  expect(BrowserTrafficBlockedError.isInstance(error)).toBe(true);
  expect((error as Error).message).toMatch(/undici.*gateway/);
});

test('no more of a refusal is read than is of use, and the socket is free', async () => {
  await using server = await serve((_request, response) => {
    response.writeHead(500, { 'content-type': 'text/plain' });
    const write = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    };
    response.on('drain', write);
    write();
  });
  const error = await rejectionOf(server.client.request({ path: 'x' }));
  expect(ServerError.isInstance(error)).toBe(true);
  expect(JSON.stringify(error).length).toBeLessThan(10_000);
  await server.idle();
});

test('JSON, text and ignored answers are what the call expects', async () => {
  await using server = await serve((request, response) => {
    if (request.url === '/json') sendJson(response, 201, { a: 1 }, { 'X-Name': 'v' });
    else if (request.url === '/bom') response.end('\ufeff[1]');
    else if (request.url === '/none') response.writeHead(204).end();
    else response.end('line\n');
  });
  const { client } = server;
  expect(await client.request({ path: 'json' })).toMatchObject({
    status: 201,
    data: { a: 1 },
    headers: { 'x-name': 'v' },
  });
  expect((await client.request({ path: 'bom' })).data).toEqual([1]);
  expect((await client.request({ path: 'text', expect: 'text' })).data).toBe('line\n');
  expect((await client.request({ path: 'text', expect: 'none' })).data).toBe(undefined);
  expect((await client.request({ path: 'none', method: 'DELETE' })).data).toBe(undefined);
  expect((await client.request({ path: 'none', expect: 'text' })).data).toBe(undefined);
  expect((await client.request({ path: 'json', method: 'HEAD' })).data).toBe(undefined);
  expect(server.requests.map(({ headers }) => headers.accept)).toContain('application/json');
});

test('what is sent arrives: JSON, text, bytes and streams', async () => {
  await using server = await serve((request, response) =>
    sendJson(response, 200, { body: request.body, type: request.headers['content-type'] ?? null }),
  );
  const send = async (call: object) =>
    (await server.client.request({ method: 'POST', path: 'x', ...call })).data;
  async function* pieces() {
    yield new TextEncoder().encode('one ');
    yield new TextEncoder().encode('two');
  }
  expect(await send({ json: { a: 'ö' } })).toEqual({ body: '{"a":"ö"}', type: 'application/json' });
  expect(await send({ body: 'text', headers: { 'Content-Type': 'text/csv' } })).toEqual({
    body: 'text',
    type: 'text/csv',
  });
  expect(await send({ body: new Uint8Array([104, 105]) })).toMatchObject({ body: 'hi' });
  expect(await send({ body: pieces() })).toMatchObject({ body: 'one two' });
});

test.each([
  [
    'an HTML page',
    200,
    'text/html',
    '<!doctype html><title>Login</title>',
    /text\/html that begins with "<!doctype html>.*JSON was expected/,
  ],
  ['HTML that would be JSON', 200, 'text/html', '42', /text\/html/],
  ['truncated JSON', 200, 'application/json', '{"a": [1, 2', /begins with "\{\\"a\\": \[1, 2"/],
  ['text', 200, 'text/plain', 'hello', /text\/plain that begins with "hello"/],
  ['nothing', 200, 'application/json', '', /no body/],
  ['204', 204, undefined, '', /204 .*no body/],
])('%s where JSON is expected is an unexpected answer', async (_name, status, type, body, message) => {
  await using server = await serve((_request, response) =>
    response.writeHead(status, type === undefined ? {} : { 'content-type': type }).end(body),
  );
  const error = await rejectionOf(server.client.request({ path: 'x', maxRetries: 2 }));
  expect(ServerError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ statusCode: 502, code: 'UNEXPECTED_RESPONSE' });
  expect((error as Error).message).toMatch(message);
  expect(server.requests).toHaveLength(1);
});

test('an answer that says it is too large is not read, and its socket is free', async () => {
  await using server = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': 200 * 1024 * 1024 });
    response.write('[');
  });
  const error = await rejectionOf(server.client.request({ path: 'x', maxRetries: 2 }));
  expect(error).toMatchObject({ statusCode: 502, code: 'RESPONSE_TOO_LARGE' });
  await server.idle();
  expect(server.requests).toHaveLength(1);
});

test('an answer that becomes too large is left at the limit', async () => {
  let written = 0;
  await using server = await serve((_request, response) => {
    response.writeHead(200);
    const write = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536))) written += 65_536;
    };
    response.on('drain', write);
    write();
  });
  const error = await rejectionOf(
    server.client.request({ path: 'x', expect: 'text', maxResponseBytes: 100_000 }),
  );
  expect(error).toMatchObject({ code: 'RESPONSE_TOO_LARGE' });
  expect((error as Error).message).toMatch(/100000 bytes: raise maxResponseBytes/);
  await server.idle();
  expect(written).toBeLessThan(32 * 1024 * 1024);
});

test('an answer of exactly maxResponseBytes is read', async () => {
  await using server = await serve((_request, response) => response.end('x'.repeat(1_000)));
  const { data } = await server.client.request({ path: 'x', expect: 'text', maxResponseBytes: 1_000 });
  expect(data).toHaveLength(1_000);
});

test('an answer that breaks off is a connection error', async () => {
  await using server = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{"a": 1');
    setImmediate(() => response.destroy());
  });
  const error = await rejectionOf(server.client.request({ path: 'x' }));
  expect(ClientConnectionError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ statusCode: 503, code: 'CONNECTION_FAILED' });
});

test('JSON cannot change a prototype once it is merged', async () => {
  const body =
    '{"__proto__": {"a": 1}, "\\u005f_pr\\u006fto__": {"a": 1}, "n": {"constructor": {"prototype": {"a": 1}}}, "k": {"constructor": "kept"}}';
  await using server = await serve((_request, response) => response.end(body));
  const { data } = await server.client.request<Record<string, unknown>>({ path: 'x' });
  expect(data).toEqual({ n: {}, k: { constructor: 'kept' } });
  const merged: Record<string, unknown> = {};
  for (const key of Object.keys(data)) merged[key] = data[key];
  expect((merged as { a?: number }).a).toBe(undefined);
});

test('a stream leaves the body to the caller, and frees the socket when it is left early', async () => {
  await using server = await serve((request, response) => {
    if (request.url === '/refused') return sendJson(response, 404, { detail: 'gone' });
    response.writeHead(200);
    response.write('first');
    if (request.url === '/whole') response.end(' last');
  });
  const whole = await server.client.stream({ path: 'whole' });
  let text = '';
  for await (const chunk of whole.body) text += new TextDecoder().decode(chunk);
  expect(text).toBe('first last');
  const left = await server.client.stream({ path: 'left' });
  for await (const _chunk of left.body) break;
  const cancelled = await server.client.stream({ path: 'cancelled' });
  cancelled.cancel();
  await expect(server.client.stream({ path: 'refused' })).rejects.toMatchObject({ statusCode: 404 });
  await server.client.close();
  await server.close();
});
