import { type Answer, rejectionOf, sendJson, startServer } from '@raywire/testing';
import { expect, test, vi } from 'vitest';
import type { HttpRequester } from '../contracts/http-requester.js';
import { ClientError } from '../errors/client-error.js';
import { ClientTimeoutError } from '../errors/client-timeout-error.js';
import { BaseClient } from './base-client.js';

async function serve(answer: Answer, options = {}) {
  let arrived: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const server = await startServer((request, response, count) => {
    arrived();
    return answer(request, response, count);
  });
  const client = new BaseClient({ baseURL: server.url, ...options });
  return Object.assign(server, { client, first });
}

const never: Answer = () => undefined;

test('timeoutMs bounds a call that is never answered', async () => {
  await using server = await serve(never);
  const start = performance.now();
  const error = await rejectionOf(server.client.request({ path: 'x?token=hidden', timeoutMs: 100 }));
  expect(ClientTimeoutError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ statusCode: 408, code: 'TIMEOUT' });
  expect((error as Error).message).toBe('GET /x did not end within 100 ms (timeoutMs).');
  expect(performance.now() - start).toBeLessThan(2_000);
  await server.idle();
});

test('timeoutMs bounds all retries together, and tells what failed before', async () => {
  await using server = await serve((_request, response) => sendJson(response, 503, {}), { maxRetries: 50 });
  const error = await rejectionOf(server.client.request({ path: 'x', timeoutMs: 400 }));
  expect(error).toMatchObject({ code: 'TIMEOUT', cause: { statusCode: 503 } });
});

test('timeoutMs of the client holds where a call gives none', async () => {
  await using server = await serve(never, { timeoutMs: 80 });
  await expect(server.client.request({ path: 'x' })).rejects.toMatchObject({ code: 'TIMEOUT' });
});

test('timeoutMs bounds the body of a stream too', async () => {
  await using server = await serve((_request, response) => void response.writeHead(200).write('x'));
  const { body } = await server.client.stream({ path: 'x', timeoutMs: 100 });
  const read = async (): Promise<void> => {
    for await (const _chunk of body);
  };
  expect(await rejectionOf(read())).toMatchObject({ code: 'TIMEOUT' });
  await server.idle();
});

test('timeoutMs bounds the headers of a stream alone where that is asked for', async () => {
  let finish = (): void => undefined;
  await using server = await serve(
    (request, response) => {
      if (request.url === '/silent') return;
      response.writeHead(200).write('x');
      finish = () => void response.end('y');
    },
    { timeoutMs: 100 },
  );
  const { body } = await server.client.stream({ path: 'x', timeoutBounds: 'headers' });
  const late = server.client.stream({ path: 'silent', timeoutBounds: 'headers' });
  // Begun after the first one: its time-out is over when this one's is.
  expect(await rejectionOf(late)).toMatchObject({ code: 'TIMEOUT' });
  finish();
  let text = '';
  for await (const chunk of body) text += new TextDecoder().decode(chunk);
  expect(text).toBe('xy');
});

test('a body that falls silent is a read time-out', async () => {
  await using server = await serve((_request, response) => void response.writeHead(200).write('[1,'), {
    readTimeoutMs: 80,
    maxRetries: 0,
  });
  await expect(server.client.request({ path: 'x' })).rejects.toMatchObject({
    code: 'READ_TIMEOUT',
    statusCode: 408,
  });
  await server.idle();
});

test('no headers within connectTimeoutMs is a connect time-out, with fetch', async () => {
  await using server = await serve(never, { connectTimeoutMs: 80, maxRetries: 0 });
  await expect(server.client.request({ path: 'x' })).rejects.toMatchObject({
    code: 'CONNECT_TIMEOUT',
    statusCode: 408,
  });
  await server.idle();
});

test('a signal that is aborted already throws its reason, and nothing is sent', async () => {
  await using server = await serve(never);
  const reason = { any: 'thing' };
  expect(await rejectionOf(server.client.request({ path: 'x', signal: AbortSignal.abort(reason) }))).toBe(
    reason,
  );
  expect(server.requests).toHaveLength(0);
});

test.each([
  ['before the headers', never],
  ['in the body', ((_request, response) => void response.writeHead(200).write('[')) satisfies Answer],
  [
    'while it waits to repeat',
    ((_request, response) => sendJson(response, 503, {}, { 'retry-after': '30' })) satisfies Answer,
  ],
])('an abort %s throws its reason as it is, and frees the socket', async (_stage, answer) => {
  await using server = await serve(answer);
  const controller = new AbortController();
  const reason = new Error('changed my mind');
  const call = rejectionOf(server.client.request({ path: 'x', signal: controller.signal }));
  await server.first;
  setTimeout(() => controller.abort(reason), 50);
  expect(await call).toBe(reason);
  await server.client.close();
  await server.close();
});

test('an abort while credentials are asked for throws its reason', async () => {
  const controller = new AbortController();
  const client = new BaseClient({
    baseURL: 'http://127.0.0.1:9',
    authenticate: () => {
      setImmediate(() => controller.abort('stop'));
      return new Promise(() => undefined);
    },
  });
  expect(await rejectionOf(client.request({ path: 'x', signal: controller.signal }))).toBe('stop');
});

test('an abort while a stream is read throws its reason', async () => {
  await using server = await serve((_request, response) => void response.writeHead(200).write('x'));
  const controller = new AbortController();
  const { body } = await server.client.stream({ path: 'x', signal: controller.signal });
  const reason = new Error('enough');
  const read = async (): Promise<void> => {
    for await (const _chunk of body) controller.abort(reason);
  };
  expect(await rejectionOf(read())).toBe(reason);
  await server.idle();
});

test('no listener stays on the signal of a caller, however a call ended', async () => {
  await using server = await serve((request, response) => {
    if (request.url === '/silent') return;
    sendJson(response, request.url === '/missing' ? 404 : 200, {});
  });
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...given: Parameters<typeof add>) => {
    listeners += 1;
    add(...given);
  };
  const counted = new Set<unknown>();
  signal.removeEventListener = (...given: Parameters<typeof remove>) => {
    if (!counted.has(given[1])) listeners -= 1;
    counted.add(given[1]);
    remove(...given);
  };
  await server.client.request({ path: 'x', signal });
  await server.client.request({ path: 'missing', signal }).catch(() => undefined);
  await server.client.request({ path: 'silent', signal, timeoutMs: 50 }).catch(() => undefined);
  const read = await server.client.stream({ path: 'x', signal });
  for await (const _chunk of read.body);
  (await server.client.stream({ path: 'x', signal })).cancel();
  expect(listeners).toBe(0);
});

test('close ends the calls in flight, and later ones fail', async () => {
  await using server = await serve(never);
  const call = rejectionOf(server.client.request({ path: 'x' }));
  await server.first;
  await server.client.close();
  const error = await call;
  expect(ClientError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ code: 'CLIENT_CLOSED', statusCode: 503 });
  await expect(server.client.request({ path: 'x' })).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
  await expect(server.client.stream({ path: 'x' })).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
  await expect(server.client.requestHeaders()).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
  await server.idle();
});

test('close ends a stream that is being read, and `await using` closes', async () => {
  await using server = await serve((_request, response) => void response.writeHead(200).write('x'));
  let reading: Promise<unknown> = Promise.resolve();
  {
    await using client = new BaseClient({ baseURL: server.url });
    const { body } = await client.stream({ path: 'x' });
    const chunks = body[Symbol.asyncIterator]();
    await chunks.next();
    reading = rejectionOf(chunks.next());
  }
  expect(await reading).toMatchObject({ code: 'CLIENT_CLOSED' });
  await server.idle();
});

test('what a requester throws besides the contract becomes a connection error', async () => {
  const requester: HttpRequester = {
    contractVersion: 1,
    request: async () => {
      throw new TypeError('http://user:hidden@host is bad');
    },
  };
  const client = new BaseClient({ baseURL: 'http://h', requester, maxRetries: 0 });
  const error = await rejectionOf(client.request({ path: 'x' }));
  expect(error).toMatchObject({ code: 'CONNECTION_FAILED', cause: { name: 'TypeError' } });
  expect(String((error as Error).cause)).not.toContain('hidden');
});

test('an answer that comes after the abort is left, from a requester that ignores its signal too', async () => {
  const controller = new AbortController();
  const cancel = vi.fn();
  const requester: HttpRequester = {
    contractVersion: 1,
    request: async () => {
      controller.abort('stop');
      const body = new ReadableStream<Uint8Array>();
      return { status: 200, headers: {}, body, cancel };
    },
  };
  const client = new BaseClient({ baseURL: 'http://h', requester });
  expect(await rejectionOf(client.request({ path: 'x', signal: controller.signal }))).toBe('stop');
  expect(cancel).toHaveBeenCalled();
});
