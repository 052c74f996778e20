import { rejectionOf } from '@raywire/testing';
import { expect, test } from 'vitest';
import type { LogConnection, LogRequest } from '../contracts/log-transport.js';
import type { MemoryPeer } from './memory-peer.js';
import { type MemoryHandler, type MemoryTransportOptions, memoryTransport } from './memory-transport.js';

function open(
  handler: MemoryHandler,
  changes: Partial<LogRequest> = {},
  options: MemoryTransportOptions = {},
): Promise<LogConnection> {
  const { signal } = new AbortController();
  const request = { url: 'memory://job/?ticket=hidden', headers: {}, signal, connectTimeoutMs: 1_000 };
  return memoryTransport(handler, options).open({ ...request, ...changes });
}

async function drain(connection: LogConnection): Promise<unknown[]> {
  const frames: unknown[] = [];
  for await (const frame of connection) frames.push(frame);
  return frames;
}

test('frames come whole and in order, then the peer’s close', async () => {
  const connection = await open(async (_request, peer) => {
    for (const frame of ['one', '', new Uint8Array([1, 2])]) await peer.send(frame);
    peer.close({ code: 1000, reason: 'done' });
  });
  expect(await drain(connection)).toEqual(['one', '', new Uint8Array([1, 2])]);
  expect(await connection.closed).toEqual({ clean: true, code: 1000, reason: 'done' });
});

test('it passes for the wire that it is told, and accepts as that does', async () => {
  const accept: MemoryHandler = (_request, peer) => peer.accept({ headers: { 'X-Name': 'v' } });
  const transport = memoryTransport(accept);
  expect(transport).toMatchObject({ contractVersion: 1, name: 'memory', wire: 'memory' });
  expect(await open(accept)).toMatchObject({ status: 200, headers: { 'x-name': 'v' } });
  expect((await open(accept, {}, { wire: 'websocket' })).status).toBe(101);
  expect((await open((_request, peer) => peer.accept({ status: 206 }))).status).toBe(206);
});

test('a writer waits for its reader: no more than the bound is in flight', async () => {
  let sent = 0;
  const connection = await open(
    async (_request, peer) => {
      for (let index = 0; index < 1_000; index += 1) {
        await peer.send('x'.repeat(1_000));
        sent += 1;
      }
      peer.close();
    },
    {},
    { maxBufferedBytes: 10_000 },
  );
  for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(sent).toBeLessThan(12);
  expect(await drain(connection)).toHaveLength(1_000);
});

test('a refusal is the error of its status', async () => {
  const error = await rejectionOf(
    open((_request, peer) =>
      peer.refuse({ status: 429, headers: { 'Retry-After': '7' }, body: '{"detail": "too many"}' }),
    ),
  );
  expect(error).toMatchObject({
    name: 'RateLimitError',
    statusCode: 429,
    retryAfterMs: 7_000,
    detail: 'too many',
  });
  expect(String(error)).not.toContain('hidden');
});

test('a handler that never answers is a connect time-out, and its peer is told', async () => {
  const peers: MemoryPeer[] = [];
  const error = await rejectionOf(open((_request, peer) => void peers.push(peer), { connectTimeoutMs: 30 }));
  expect(error).toMatchObject({ name: 'ClientTimeoutError', code: 'CONNECT_TIMEOUT', statusCode: 408 });
  const [peer] = peers;
  await peer?.closed;
  expect(peer?.signal.aborted).toBe(true);
  peer?.accept();
  await expect(peer?.send('late')).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
});

test('a handler that fails breaks the opening, or the connection after what was sent', async () => {
  const broken: MemoryHandler = () => {
    throw new Error('broken');
  };
  expect(await rejectionOf(open(broken))).toMatchObject({
    code: 'CONNECTION_FAILED',
    cause: { message: 'broken' },
  });
  const connection = await open(async (_request, peer) => {
    await peer.send('one');
    throw new Error('broken');
  });
  const frames = connection[Symbol.asyncIterator]();
  expect((await frames.next()).value).toBe('one');
  expect(await rejectionOf(frames.next())).toMatchObject({ code: 'CONNECTION_FAILED' });
  expect((await frames.next()).done).toBe(true);
  expect(await connection.closed).toEqual({ clean: false });
});

test('a close that is not clean breaks the connection', async () => {
  const connection = await open((_request, peer) => peer.close({ clean: false, code: 1006 }));
  expect(await rejectionOf(drain(connection))).toMatchObject({ code: 'CONNECTION_FAILED', statusCode: 503 });
  expect(await connection.closed).toEqual({ clean: false, code: 1006 });
});

test('a frame above maxFrameBytes fails after the frames before it', async () => {
  const connection = await open(
    async (_request, peer) => {
      await peer.send('ok');
      await peer.send('한국어한국어');
    },
    { maxFrameBytes: 10 },
  );
  const frames = connection[Symbol.asyncIterator]();
  expect((await frames.next()).value).toBe('ok');
  expect(await rejectionOf(frames.next())).toMatchObject({ code: 'FRAME_TOO_LARGE', statusCode: 429 });
});

test('an abort throws its reason at each stage, and frees the writer', async () => {
  expect(await rejectionOf(open(() => expect.unreachable(), { signal: AbortSignal.abort('early') }))).toBe(
    'early',
  );
  const opening = new AbortController();
  expect(await rejectionOf(open(() => opening.abort('opening'), { signal: opening.signal }))).toBe('opening');
  const reading = new AbortController();
  let outcome: Promise<unknown> = Promise.resolve();
  const connection = await open(
    (_request, peer) => {
      peer.accept();
      outcome = rejectionOf(peer.send('x'.repeat(100_000)));
    },
    { signal: reading.signal },
  );
  reading.abort('reading');
  expect(await rejectionOf(drain(connection))).toBe('reading');
  expect(await outcome).toMatchObject({ code: 'CONNECTION_FAILED' });
  expect(await connection.closed).toEqual({ clean: false });
});

test('closing ends a reader that waits, quietly; a second reader is refused', async () => {
  const connection = await open((_request, peer) => peer.accept());
  const frames = connection[Symbol.asyncIterator]();
  const waiting = frames.next();
  expect(() => connection[Symbol.asyncIterator]()).toThrow(/one reader/);
  connection.close();
  connection.close();
  expect((await waiting).done).toBe(true);
  expect(await connection.closed).toEqual({ clean: false });
});

test('what has arrived can be taken at once', async () => {
  const connection = await open(async (_request, peer) => {
    for (const frame of ['one', 'two', 'three']) await peer.send(frame);
    peer.close();
  });
  const frames = connection[Symbol.asyncIterator]();
  await connection.closed;
  expect((await frames.next()).value).toBe('one');
  expect(connection.takeBuffered?.()).toEqual(['two', 'three']);
  expect((await frames.next()).done).toBe(true);
});
