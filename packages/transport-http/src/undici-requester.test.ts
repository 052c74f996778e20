import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { HttpRequest, HttpRequester, HttpResponse } from '@raywire/core';
import { type LoopbackServer, startHttpServer, startTcpServer } from '@raywire/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { undiciRequester } from './index.js';

let server: LoopbackServer;
let origin: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let requester: HttpRequester;

beforeEach(async () => {
  requester = undiciRequester();
  server = await startHttpServer((request, response) => answer(request, response));
  origin = server.url;
});

afterEach(async () => {
  await requester.close?.();
  await server.close();
});

function send(changes: Partial<HttpRequest> = {}): Promise<HttpResponse> {
  return requester.request({
    method: 'GET',
    url: `${origin}/path?query=1`,
    headers: {},
    signal: new AbortController().signal,
    connectTimeoutMs: 3_000,
    readTimeoutMs: 3_000,
    ...changes,
  });
}

test('a body that takes longer than a time-out to send is no silence, and what follows it is', async () => {
  answer = (request, response) => {
    request.resume();
    // A test that resets the connection sees the error on its own side.
    request.on('error', () => undefined);
    if (request.url === '/answered') request.on('end', () => response.end('taken'));
  };
  async function* slowly() {
    for (let chunk = 0; chunk < 6; chunk++) {
      yield new Uint8Array(1_000);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  }
  const changes = { method: 'PUT', readTimeoutMs: 200 };
  const taken = await send({ ...changes, url: `${origin}/answered`, body: slowly() });
  expect(await text(taken)).toBe('taken');
  const mute = send({ ...changes, url: `${origin}/mute`, body: slowly() });
  await expect(mute).rejects.toMatchObject({ code: 'READ_TIMEOUT' });
});

async function text(response: HttpResponse): Promise<string> {
  let result = '';
  for await (const chunk of response.body) result += Buffer.from(chunk).toString();
  return result;
}

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const piece of texts) yield Buffer.from(piece);
}

describe('undiciRequester', () => {
  test('says who asks, unless the request does', async () => {
    answer = (request, response) => response.end(request.headers['user-agent']);
    expect(await text(await send())).toBe('raywire');
    expect(await text(await send({ headers: { 'user-agent': 'mine' } }))).toBe('mine');
  });

  test.each([
    ['text', 'a body', 'a body'],
    ['bytes', Buffer.from('a body'), 'a body'],
    ['a stream', undefined, 'a body'],
  ])('sends %s as a body, and gives back an answer of any status', async (_kind, body, expected) => {
    answer = async (request, response) => {
      let received = '';
      for await (const chunk of request) received += chunk;
      response.writeHead(418, { 'X-Answer': 'yes', 'set-cookie': ['a=1', 'b=2'] });
      response.end(`${request.method} ${request.url} ${request.headers['x-mine']} ${received}`);
    };
    const response = await send({
      method: 'PUT',
      headers: { 'x-mine': '1' },
      body: body ?? pieces('a ', 'body'),
    });
    expect(response.status).toBe(418);
    expect(response.headers).toMatchObject({ 'x-answer': 'yes', 'set-cookie': 'a=1, b=2' });
    expect(await text(response)).toBe(`PUT /path?query=1 1 ${expected}`);
  });

  test('names a server that is silent or not there by its origin alone, and says what to do', async () => {
    answer = () => undefined;
    await expect(send({ readTimeoutMs: 50 })).rejects.toThrow(
      `${origin} sent nothing for 50 ms (readTimeoutMs).`,
    );
    await server.close();
    await expect(send()).rejects.toThrow(
      new RegExp(`^${origin} cannot be reached .ECONNREFUSED.: nothing listens there[^/]*$`),
    );
  });

  test('gives back a redirect as it is', async () => {
    answer = (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end();
    const response = await send();
    expect([response.status, response.headers['location']]).toEqual([302, '/elsewhere']);
    response.cancel();
  });

  test('refuses bytes that came compressed unasked, but no refusal for that', async () => {
    answer = (request, response) => {
      const status = request.url === '/refused' ? 400 : 200;
      response.writeHead(status, { 'content-encoding': 'gzip' }).end(gzipSync('lines'));
    };
    const refused = { statusCode: 502, code: 'UNEXPECTED_RESPONSE' };
    await expect(send()).rejects.toMatchObject(refused);
    await expect(send({ headers: { 'accept-encoding': 'identity' } })).rejects.toMatchObject(refused);
    expect((await send({ headers: { 'accept-encoding': 'gzip' } })).status).toBe(200);
    expect((await send({ url: `${origin}/refused` })).status).toBe(400);
  });

  test('takes no announcement for the answer', async () => {
    answer = (_request, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      response.end('the answer');
    };
    const response = await send();
    expect([response.status, await text(response)]).toEqual([200, 'the answer']);
  });

  test('fails with READ_TIMEOUT when no headers come, and frees the socket', async () => {
    answer = () => undefined;
    const gone = once(server.server, 'connection').then(([socket]) => once(socket, 'close'));
    await expect(send({ readTimeoutMs: 100 })).rejects.toMatchObject({
      code: 'READ_TIMEOUT',
      statusCode: 408,
    });
    await gone;
  });

  test('fails with READ_TIMEOUT when the body falls silent, after what came of it', async () => {
    answer = (_request, response) => response.write('some');
    const response = await send({ readTimeoutMs: 300 });
    const chunks = response.body[Symbol.asyncIterator]();
    expect(Buffer.from((await chunks.next()).value ?? '').toString()).toBe('some');
    await expect(chunks.next()).rejects.toMatchObject({ code: 'READ_TIMEOUT' });
  });

  test('does not count the time that the reader takes as the server’s silence', async () => {
    answer = (_request, response) => response.end('all of it');
    const response = await send({ readTimeoutMs: 300 });
    await new Promise((resolve) => setTimeout(resolve, 450));
    expect(await text(response)).toBe('all of it');
  });

  test.each(['leaving the loop', 'cancel'])('frees the socket by %s', async (how) => {
    let gone: Promise<unknown> | undefined;
    answer = (request, response) => {
      gone = once(request.socket, 'close');
      response.write('some');
    };
    const response = await send();
    if (how === 'cancel') response.cancel();
    else for await (const _chunk of response.body) break;
    await gone;
    for await (const _chunk of { [Symbol.asyncIterator]: () => endOf(response) }) expect.unreachable();
  });

  test('throws the reason of an abort, before the headers and in the body', async () => {
    const reason = new Error('enough');
    answer = (request, response) => {
      if (request.headers['x-part'] === 'body') response.write('some');
      else first.abort(reason);
    };
    const first = new AbortController();
    await expect(send({ signal: first.signal })).rejects.toBe(reason);
    const second = new AbortController();
    const response = await send({ signal: second.signal, headers: { 'x-part': 'body' } });
    second.abort(reason);
    await expect(text(response)).rejects.toBe(reason);
  });

  test('frees a socket that is still in its TLS handshake when it is closed', async () => {
    const { server: silent, port, close } = await startTcpServer();
    const sending = send({ url: `https://127.0.0.1:${port}/` });
    sending.catch(() => undefined);
    const [socket] = (await once(silent, 'connection')) as [Socket];
    socket.resume();
    const gone = once(socket, 'close');
    await requester.close?.();
    await expect(sending).rejects.toMatchObject({ name: 'ClientConnectionError' });
    await gone;
    await close();
  });

  test('ends what is under way when it is closed, and starts nothing more', async () => {
    answer = (_request, response) => response.write('some');
    const response = await send();
    const chunks = response.body[Symbol.asyncIterator]();
    await chunks.next();
    const next = chunks.next();
    next.catch(() => undefined);
    await requester.close?.();
    await expect(next).rejects.toMatchObject({ name: 'ClientConnectionError' });
    await expect(send()).rejects.toThrow(/closed/);
  });
});

/** The rest of a body that was given up: nothing. */
function endOf(response: HttpResponse): AsyncIterator<Uint8Array> {
  try {
    return response.body[Symbol.asyncIterator]();
  } catch {
    // It had its one reader already.
    return { next: async () => ({ done: true, value: undefined }) };
  }
}
