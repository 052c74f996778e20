import { once } from 'node:events';
import type { Socket } from 'node:net';
import { InvalidArgumentError, type LogConnection, type LogFrame, type LogRequest } from '@raywire/core';
import { startTcpServer } from '@raywire/testing';
import { type TransportPeer, type TransportServer, webSocketServer } from '@raywire/transport-testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { webSocketTransport as nativeTransport } from './index.browser.js';
import { webSocketTransport } from './index.js';

let server: TransportServer;

beforeEach(async () => {
  server = await webSocketServer();
});

afterEach(() => server.close());

function requestFor(changes: Partial<LogRequest> = {}): LogRequest {
  return {
    url: server.url,
    headers: {},
    signal: new AbortController().signal,
    connectTimeoutMs: 5_000,
    ...changes,
  };
}

async function connect(
  transport = webSocketTransport(),
): Promise<{ connection: LogConnection; peer: TransportPeer }> {
  const opening = transport.open(requestFor());
  const peer = await server.next();
  await peer.accept();
  return { connection: await opening, peer };
}

async function collect(connection: LogConnection): Promise<{ frames: LogFrame[]; error: unknown }> {
  const frames: LogFrame[] = [];
  try {
    for await (const frame of connection) frames.push(frame);
  } catch (error) {
    return { frames, error };
  }
  return { frames, error: undefined };
}

/** A WebSocket server of one connection that writes what it is given, byte by byte. */
async function rawServer(answer: (socket: Socket) => void): Promise<{ url: string; close(): unknown }> {
  const { port, close } = await startTcpServer((socket) => socket.once('data', () => answer(socket)));
  return { url: `ws://127.0.0.1:${port}/`, close };
}

describe('webSocketTransport', () => {
  test('offers no compression', async () => {
    const { connection, peer } = await connect();
    expect(peer.headers['sec-websocket-extensions']).toBe(undefined);
    connection.close();
  });

  test('replaces invalid UTF-8 and goes on', async () => {
    const { connection, peer } = await connect();
    await peer.send('before');
    await peer.sendRaw?.(Buffer.from([0x81, 0x03, 0x61, 0xff, 0x62]));
    await peer.send('after');
    await peer.end();
    const { frames, error } = await collect(connection);
    expect(error).toBe(undefined);
    expect(frames).toEqual(['before', 'a\uFFFDb', 'after']);
  });

  test('ends soon after the close frame of a peer that never ends TCP', async () => {
    const { connection, peer } = await connect();
    await peer.sendRaw?.(Buffer.from([0x88, 0x02, 0x03, 0xe8]));
    expect(await collect(connection)).toEqual({ frames: [], error: undefined });
    expect(await connection.closed).toEqual({ clean: true, code: 1000, reason: '' });
  });

  test('takes a frame against the protocol for a break', async () => {
    const { connection, peer } = await connect();
    await peer.sendRaw?.(Buffer.from([0xf1, 0x00]));
    const { error } = await collect(connection);
    expect(error).toMatchObject({ name: 'ClientConnectionError', statusCode: 503 });
    await peer.gone;
  });

  test('reports an answer that is no HTTP at all as an unexpected response', async () => {
    const raw = await rawServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    const opening = webSocketTransport().open(requestFor({ url: raw.url }));
    await expect(opening).rejects.toMatchObject({ code: 'UNEXPECTED_RESPONSE', statusCode: 502 });
    raw.close();
  });

  test('reports an upgrade with the wrong key as an unexpected response', async () => {
    const raw = await rawServer((socket) =>
      socket.write(
        'HTTP/1.1 101 Switching\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: no\r\n\r\n',
      ),
    );
    const opening = webSocketTransport().open(requestFor({ url: raw.url }));
    await expect(opening).rejects.toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
    raw.close();
  });

  test.each([webSocketTransport(), nativeTransport()])(
    'names a server that is not there, or does not answer, by its origin alone',
    async (transport) => {
      const silent = await rawServer(() => undefined);
      const origin = silent.url.slice(0, -1);
      const open = (): Promise<unknown> =>
        transport.open(requestFor({ url: `${origin}/path?ticket=hidden`, connectTimeoutMs: 100 }));
      await expect(open()).rejects.toThrow(
        new RegExp(`^${origin} did not answer within 100 ms .connectTimeoutMs.\\.$`),
      );
      silent.close();
      await expect(open()).rejects.toThrow(new RegExp(`^${origin} cannot be reached[^/]*$`));
    },
  );

  test('keeps the status of a refusal whose body never ends, when the time is up', async () => {
    const raw = await rawServer((socket) =>
      socket.write('HTTP/1.1 403 No\r\ncontent-length: 1000\r\n\r\nbecause'),
    );
    const opening = webSocketTransport().open(requestFor({ url: raw.url, connectTimeoutMs: 200 }));
    await expect(opening).rejects.toMatchObject({ name: 'AuthorizationError', statusCode: 403 });
    raw.close();
  });

  test('frees a socket that is still in its TLS handshake when it is aborted', async () => {
    const { server: silent, port, close } = await startTcpServer();
    const controller = new AbortController();
    const opening = webSocketTransport().open(
      requestFor({ url: `wss://127.0.0.1:${port}/`, signal: controller.signal }),
    );
    const [socket] = (await once(silent, 'connection')) as [Socket];
    const gone = once(socket, 'close');
    socket.resume();
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(opening).rejects.toBe(reason);
    await gone;
    await close();
  });

  test.each(['nonsense', 'ftp://127.0.0.1/', 'ws://user:hunter2@127.0.0.1:1/#fragment'])(
    'refuses the URL %s without repeating it',
    async (url) => {
      const opening = webSocketTransport().open(requestFor({ url }));
      await expect(opening).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', statusCode: 400 });
      await expect(opening).rejects.not.toThrow(/hunter2/);
    },
  );

  test('refuses a header that cannot be sent, without repeating it', async () => {
    const opening = webSocketTransport().open(requestFor({ headers: { authorization: 'Bearer hunter2\n' } }));
    await expect(opening).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(opening).rejects.not.toThrow(/hunter2/);
    expect(server.connections).toBe(0);
  });

  test('holds no more than its bound and one read when small messages flood a reader that stopped', async () => {
    const { connection, peer } = await connect(webSocketTransport({ bufferBytes: 1024 }));
    const message = 'x'.repeat(100);
    const count = 5_000;
    await peer.sendRaw?.(Buffer.concat(Array(count).fill(Buffer.from([0x81, 100, ...Buffer.from(message)]))));
    const frames = connection[Symbol.asyncIterator]();
    await frames.next();
    let received = 1;
    let largest = 0;
    while (received < count) {
      const taken = connection.takeBuffered?.() ?? [];
      largest = Math.max(largest, taken.length);
      received += taken.length;
      if (received === count) break;
      await frames.next();
      received += 1;
    }
    // One read of a socket is 64 KiB.
    expect(largest).toBeLessThan((64 * 1024) / 102 + 20);
    connection.close();
  });
});

describe('webSocketTransport in a browser', () => {
  test('past its buffer it delivers what has come, then fails with BUFFER_OVERFLOW, and frees the socket', async () => {
    const { connection, peer } = await connect(nativeTransport({ bufferBytes: 10_000 }));
    const sending = (async () => {
      for (let count = 0; count < 50; count += 1) await peer.send(`${count}:`.padEnd(1_000, 'x'));
    })().catch(() => undefined);
    await connection.closed;
    const { frames, error } = await collect(connection);
    expect(error).toMatchObject({ code: 'BUFFER_OVERFLOW', statusCode: 503 });
    expect(frames.length).toBeGreaterThan(8);
    expect(frames.length).toBeLessThan(12);
    expect(frames.every((frame, index) => String(frame).startsWith(`${index}:`))).toBe(true);
    await Promise.all([sending, peer.gone]);
  });

  test('opens an http: URL as ws:', async () => {
    const opening = nativeTransport().open(requestFor({ url: server.url.replace('ws:', 'http:') }));
    const peer = await server.next();
    await peer.accept();
    (await opening).close();
  });
});

test.each([
  [{ buferBytes: 5 }, /has no option "buferBytes": did you mean bufferBytes\?/],
  [{ bufferBytes: Number.NaN }, /bufferBytes must be a whole number/],
  [{ bufferBytes: -1 }, /bufferBytes must be a whole number/],
  [{ bufferBytes: '5' }, /bufferBytes must be a whole number/],
  [null, /takes an object of options/],
])('webSocketTransport(%o) is refused by name', (options, message) => {
  for (const make of [webSocketTransport, nativeTransport]) {
    expect(() => make(options as object)).toThrow(InvalidArgumentError);
    expect(() => make(options as object)).toThrow(message);
  }
});

test('a browser cannot be told whom to trust: tls is refused there', () => {
  expect(() => nativeTransport({ tls: {} })).toThrow(/works in Node only/);
});
