import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BaseClient } from '@raywire/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogLocation } from './log-location.js';
import { agentUrlOf, type NodeAgents } from './node-agents.js';

let server: Server;
let isHead: boolean;
const { signal } = new AbortController();

beforeEach(async () => {
  isHead = true;
  server = createServer((_request, response) => {
    const list = { total: 1, num_filtered: 1, result: [{ node_id: 'n', is_head_node: isHead }] };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ result: true, data: { result: list } }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function urls(
  agentAddress: string | undefined,
  rule: NodeAgents,
  baseURL?: string,
): Promise<string | undefined> {
  const { port } = server.address() as AddressInfo;
  const client = new BaseClient({ baseURL: baseURL ?? `http://127.0.0.1:${port}` });
  const location: LogLocation = {
    nodeId: 'n',
    filename: 'job-driver-a b.log',
    agentAddress,
    start: 0,
    end: undefined,
  };
  try {
    return await agentUrlOf(location, rule, client, signal);
  } finally {
    await client.close();
  }
}

describe('a node agent is asked', () => {
  it("on the dashboard's own host", async () => {
    expect(await urls('http://127.0.0.1:52365', undefined)).toBe(
      'http://127.0.0.1:52365/logs/job-driver-a%20b.log',
    );
  });

  it('of the head, under the name that the dashboard has here, and of no other node', async () => {
    expect(await urls('http://10.0.0.1:52365', undefined)).toBe(
      'http://127.0.0.1:52365/logs/job-driver-a%20b.log',
    );
    isHead = false;
    expect(await urls('http://10.0.0.2:52365', undefined)).toBeUndefined();
  });

  it('anywhere when the user says so, and nowhere when the user says no', async () => {
    isHead = false;
    const there = 'http://10.0.0.2:52365/logs/job-driver-a%20b.log';
    expect(await urls('http://10.0.0.2:52365', true)).toBe(there);
    expect(
      await urls(
        'http://10.0.0.2:52365',
        ({ url, nodeId }) => url === 'http://10.0.0.2:52365' && nodeId === 'n',
      ),
    ).toBe(there);
    expect(await urls('http://10.0.0.2:52365', () => false)).toBeUndefined();
    expect(await urls('http://127.0.0.1:52365', false)).toBeUndefined();
  });

  it('never in the clear beside an encrypted dashboard, nor at what is no address', async () => {
    expect(await urls('http://127.0.0.1:52365', undefined, 'https://127.0.0.1:1')).toBeUndefined();
    expect(await urls('ftp://127.0.0.1:52365', true)).toBeUndefined();
    expect(await urls('http://user:word@127.0.0.1:52365', true)).toBeUndefined();
    expect(await urls(undefined, true)).toBeUndefined();
  });
});
