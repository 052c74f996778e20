import { BaseClient } from '@raywire/core';
import { sendJson, startServer, type TestServer } from '@raywire/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogLocation } from './log-location.js';
import { agentUrlOf, type NodeAgents } from './node-agents.js';

let server: TestServer;
let isHead: boolean;
const { signal } = new AbortController();

beforeEach(async () => {
  isHead = true;
  server = await startServer((_request, response) => {
    const list = { total: 1, num_filtered: 1, result: [{ node_id: 'n', is_head_node: isHead }] };
    sendJson(response, 200, { result: true, data: { result: list } });
  });
});

afterEach(() => server.close());

async function urls(
  agentAddress: string | undefined,
  rule: NodeAgents,
  baseURL?: string,
): Promise<string | undefined> {
  const client = new BaseClient({ baseURL: baseURL ?? server.url });
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
