import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeTransport, httpServer } from '@raywire/transport-testkit';
import { expect, test } from 'vitest';
import { nodeHttpTransport } from './node-http-transport.ts';

describeTransport({
  name: 'nodeHttpTransport keeps the contract',
  setup: async () => ({ transport: nodeHttpTransport(), server: await httpServer() }),
  capabilities: { messages: false, upgrade: false, closeCodes: false, pings: false, ranges: true },
});

test('nodeHttpTransport reads over a Unix socket', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'raywire-unix-'));
  const socketPath = join(directory, 'log.sock');
  const server = createServer((_request, response) => response.end('one\ntwo\n'));
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  try {
    const connection = await nodeHttpTransport({ socketPath }).open({
      url: 'http://localhost/log',
      headers: {},
      signal: new AbortController().signal,
      connectTimeoutMs: 5_000,
    });
    let text = '';
    for await (const frame of connection) text += frame;
    expect(text).toBe('one\ntwo\n');
  } finally {
    server.close();
    await rm(directory, { recursive: true });
  }
});
