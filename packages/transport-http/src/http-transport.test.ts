import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpRequester, LogConnection, LogRequest, LogTransport } from '@raywire/core';
import { type LoopbackServer, startHttpServer, startTcpServer } from '@raywire/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { httpTransport, undiciRequester } from './index.js';

let server: LoopbackServer;
let origin: string;
let requests: IncomingMessage[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let transport: LogTransport;

beforeEach(async () => {
  requests = [];
  transport = httpTransport();
  server = await startHttpServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  origin = server.url;
});

afterEach(async () => {
  await transport.close?.();
  await server.close();
});

function open(changes: Partial<LogRequest> = {}): Promise<LogConnection> {
  return transport.open({
    url: `${origin}/log`,
    headers: {},
    signal: new AbortController().signal,
    connectTimeoutMs: 5_000,
    ...changes,
  });
}

async function text(connection: LogConnection): Promise<string> {
  let result = '';
  for await (const frame of connection) result += Buffer.from(frame).toString();
  return result;
}

describe('httpTransport', () => {
  test('tells a range that was answered from one that was not', async () => {
    answer = (request, response) => {
      if (request.url === '/log') response.writeHead(206, { 'content-range': 'bytes 2-4/5' });
      response.end('cde');
    };
    const partial = await open({ range: { start: 2 } });
    expect([partial.status, partial.headers['content-range']]).toEqual([206, 'bytes 2-4/5']);
    partial.close();
    const whole = await open({ range: { start: 2 }, url: `${origin}/other` });
    expect(whole.status).toBe(200);
    expect(await text(whole)).toBe('cde');
  });

  test('refuses a success that has no log: 204', async () => {
    answer = (_request, response) => response.writeHead(204).end();
    await expect(open()).rejects.toMatchObject({ code: 'UNEXPECTED_RESPONSE', statusCode: 502 });
  });

  test('asks for no compression, and looks like no browser', async () => {
    answer = (_request, response) => response.end();
    await text(await open());
    const names = Object.keys(requests[0]?.headers ?? {});
    expect(requests[0]?.headers['accept-encoding']).toBe('identity');
    expect(names.filter((name) => name.startsWith('sec-') || ['origin', 'referer'].includes(name))).toEqual(
      [],
    );
  });

  test('takes a body that ends with its connection for a whole one, since its framing says no more', async () => {
    answer = (_request, response) => {
      response.socket?.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nto the end');
    };
    const connection = await open();
    expect(await text(connection)).toBe('to the end');
    expect((await connection.closed).clean).toBe(true);
  });

  test('fails when fewer bytes come than content-length says, after those that came', async () => {
    answer = (_request, response) => {
      response.socket?.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this');
    };
    const connection = await open();
    const frames = connection[Symbol.asyncIterator]();
    expect(Buffer.from((await frames.next()).value ?? '').toString()).toBe('only this');
    await expect(frames.next()).rejects.toMatchObject({ name: 'ClientConnectionError', statusCode: 503 });
    expect((await connection.closed).clean).toBe(false);
  });

  test('fails when a chunked body turns into something else', async () => {
    answer = (_request, response) => {
      response.socket?.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\nnonsense\r\n');
    };
    await expect(text(await open())).rejects.toMatchObject({ name: 'ClientConnectionError' });
  });

  test('follows redirects within the origin, with the headers and the range', async () => {
    answer = (request, response) => {
      if (request.url === '/log') response.writeHead(307, { location: '/moved?ticket=1' }).end('moved');
      else response.end('here');
    };
    expect(await text(await open({ headers: { authorization: 'Bearer x' }, range: { start: 1 } }))).toBe(
      'here',
    );
    expect(requests.map(({ url, headers }) => [url, headers.authorization, headers.range])).toEqual([
      ['/log', 'Bearer x', 'bytes=1-'],
      ['/moved?ticket=1', 'Bearer x', 'bytes=1-'],
    ]);
  });

  test.each(['https://127.0.0.1:1/', 'http://127.0.0.1:1/', '//localhost/', 'http://', 'file:///etc/passwd'])(
    'does not follow a redirect to %s',
    async (location) => {
      answer = (_request, response) => response.writeHead(302, { location }).end();
      await expect(open()).rejects.toMatchObject({ code: 'REDIRECT_REFUSED', statusCode: 502 });
      expect(requests.length).toBe(1);
    },
  );

  test('follows five redirects and no more', async () => {
    answer = (request, response) => response.writeHead(302, { location: `${request.url}x` }).end();
    await expect(open()).rejects.toThrow(/too many/);
    expect(requests.length).toBe(6);
  });

  test('names a server that does not answer by its origin alone', async () => {
    answer = () => undefined;
    await expect(open({ connectTimeoutMs: 50 })).rejects.toThrow(
      `${origin} did not answer within 50 ms (connectTimeoutMs).`,
    );
  });

  test('reads any requester’s body, chunk by chunk as its reader wants it', async () => {
    let pulled = 0;
    async function* body(): AsyncGenerator<Uint8Array> {
      for (const part of ['one ', 'two ', 'three']) {
        pulled += 1;
        yield Buffer.from(part);
      }
      throw new Error('broken');
    }
    let cancelled = 0;
    const cancel = (): void => {
      cancelled += 1;
    };
    const requester: HttpRequester = {
      contractVersion: 1,
      request: async () => ({ status: 200, headers: {}, body: body(), cancel }),
    };
    await transport.close?.();
    transport = httpTransport({ requester });
    const left = await open();
    for await (const _chunk of left) break;
    expect([pulled, cancelled]).toEqual([1, 1]);
    const whole = await open();
    await expect(text(whole)).rejects.toThrow('broken');
    expect([pulled, cancelled, await whole.closed]).toEqual([4, 1, { clean: false }]);
  });

  test('takes the status and the headers of a requester that wraps another one', async () => {
    answer = (_request, response) => response.end('log');
    const inner = undiciRequester();
    const requester: HttpRequester = {
      contractVersion: 1,
      request: async (request) => ({
        ...(await inner.request(request)),
        status: 206,
        headers: { mine: 'yes' },
      }),
    };
    const connection = await httpTransport({ requester }).open({
      url: origin,
      headers: {},
      signal: new AbortController().signal,
      connectTimeoutMs: 5_000,
    });
    expect([connection.status, connection.headers, await text(connection)]).toEqual([
      206,
      { mine: 'yes' },
      'log',
    ]);
    await inner.close?.();
  });

  test('keeps the status of a refusal whose body never ends, when the time is up', async () => {
    answer = (_request, response) => response.writeHead(403, { 'content-length': 100 }).write('because');
    await expect(open({ connectTimeoutMs: 200 })).rejects.toMatchObject({ name: 'AuthorizationError' });
  });

  test('throws the reason of an abort while a refusal is read', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    answer = (_request, response) => {
      response.writeHead(403, { 'content-length': 100 }).write('because', () => controller.abort(reason));
    };
    await expect(open({ signal: controller.signal })).rejects.toBe(reason);
  });

  test('uses a connection again', async () => {
    answer = (_request, response) => response.end('log');
    await text(await open());
    // undici takes it back one turn of the event loop after the end of the body.
    await new Promise((resolve) => setImmediate(resolve));
    await text(await open());
    expect(new Set(requests.map(({ socket }) => socket.remotePort)).size).toBe(1);
  });

  test('frees a socket that is still in its TLS handshake when it is aborted', async () => {
    const { server: silent, port, close } = await startTcpServer();
    const controller = new AbortController();
    const opening = open({ url: `https://127.0.0.1:${port}/`, signal: controller.signal });
    const [socket] = (await once(silent, 'connection')) as [Socket];
    socket.resume();
    const gone = once(socket, 'close');
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(opening).rejects.toBe(reason);
    await gone;
    await close();
  });

  test.each(['nonsense', 'http://user:hunter2@[/', 'ftp://user:hunter2@127.0.0.1/'])(
    'refuses the URL %s without repeating it',
    async (url) => {
      const opening = open({ url });
      await expect(opening).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', statusCode: 400 });
      await expect(opening).rejects.not.toThrow(/hunter2/);
    },
  );

  test('refuses a header that cannot be sent, without repeating it', async () => {
    const opening = open({ headers: { authorization: 'Bearer hunter2\n' } });
    await expect(opening).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(opening).rejects.not.toThrow(/hunter2/);
  });

  test('closes the requester that it made, and leaves the one that it was given to its owner', async () => {
    await transport.close?.();
    await expect(open()).rejects.toThrow(/closed/);
    let closed = false;
    const requester: HttpRequester = {
      contractVersion: 1,
      request: async () => ({ status: 200, headers: {}, body: emptyBody(), cancel: () => undefined }),
      close: async () => {
        closed = true;
      },
    };
    transport = httpTransport({ requester });
    expect(await text(await open())).toBe('');
    await transport.close?.();
    expect(closed).toBe(false);
  });
});

async function* emptyBody(): AsyncGenerator<Uint8Array> {}
