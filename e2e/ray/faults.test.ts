import type { LogTransport } from '@raywire/core';
import type { TailEvent, TailOptions } from '@raywire/dashboard';
import { httpTransport } from '@raywire/transport-http';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { canonicalLines, driverLog, exactLines, jobCommand, newClient } from './ray-suite.ts';
import { TcpProxy } from './tcp-proxy.ts';

let head: TcpProxy;
let agent: TcpProxy;

beforeEach(async () => {
  head = await TcpProxy.to(inject('address'));
  agent = await TcpProxy.to(inject('agentAddress'));
});

afterEach(async () => {
  await head.close();
  await agent.close();
});

/** The HTTP transport, led through the proxy where it asks the node agent. */
function throughProxy(): LogTransport {
  const inner = httpTransport();
  const { origin } = new URL(inject('agentAddress'));
  return {
    contractVersion: 1,
    name: 'http',
    wire: 'http',
    open: (request) => inner.open({ ...request, url: request.url.replace(origin, agent.url) }),
    close: () => inner.close?.() ?? Promise.resolve(),
  };
}

const ways: [
  name: string,
  options: TailOptions,
  nodeAgents: boolean | undefined,
  lines: typeof exactLines,
][] = [
  ['ranges', { protocol: 'http' }, undefined, exactLines],
  ['files', { protocol: 'http' }, false, exactLines],
  ['the WebSocket', { protocol: 'websocket' }, undefined, canonicalLines],
];

describe.each(ways)('a tail by %s', (_name, options, nodeAgents, lines) => {
  it('loses and repeats nothing when its connections are cut again and again', async () => {
    const client = newClient({
      address: head.url,
      nodeAgents,
      transports: [throughProxy()],
      reconnect: { initialDelayMs: 50, maxDelayMs: 200, budget: 20 },
    });
    const { submission_id: jobId } = await client.submitJob({ entrypoint: jobCommand('ticks.py', 6) });
    const cutting = setInterval(() => {
      head.cut();
      agent.cut();
    }, 700);
    const read: string[] = [];
    const tail = client.tailJobLogs(jobId, { carriageReturn: 'keep', ...options });
    for await (const line of tail) {
      // A replay must get through between two cuts.
      if (read.push(line) === 80) clearInterval(cutting);
    }
    clearInterval(cutting);
    expect(read).toEqual(lines(driverLog(jobId)));
    expect(await tail.end).toMatchObject({ reason: 'complete', exitCode: 0 });
    await client.close();
  });

  it('is whole behind a slow way', async () => {
    head.delayMs = 30;
    agent.delayMs = 30;
    const client = newClient({ address: head.url, nodeAgents, transports: [throughProxy()] });
    const { submission_id: jobId } = await client.submitJob({ entrypoint: jobCommand('lines.py', 2_000) });
    const read: string[] = [];
    for await (const line of client.tailJobLogs(jobId, { carriageReturn: 'keep', ...options }))
      read.push(line);
    expect(read).toEqual(lines(driverLog(jobId)));
    await client.close();
  });
});

it('goes on by the next way, at the same place, when the node agent is gone', async () => {
  const client = newClient({ address: head.url, transports: [throughProxy()] });
  const { submission_id: jobId } = await client.submitJob({ entrypoint: jobCommand('progress.py') });
  const sources: string[] = [];
  const onEvent = (event: TailEvent): void => {
    if (event.type === 'connect') sources.push(event.source);
  };
  const read: string[] = [];
  for await (const line of client.tailJobLogs(jobId, { carriageReturn: 'keep', onEvent })) {
    if (read.push(line) === 2) {
      await agent.close();
      agent = await TcpProxy.to(inject('agentAddress'));
    }
  }
  expect(sources[0]).toBe('dashboard-ranges');
  expect(sources).toContain('dashboard-websocket');
  // The WebSocket has a line for every `\r`: in the end the same text, whichever way a line came.
  expect(read.join('\n').replaceAll('\r', '\n')).toBe(canonicalLines(driverLog(jobId)).join('\n'));
  await client.close();
});

it('asks twice a second at most when idle, on few connections, and hears of a line at once', async () => {
  const requests: number[] = [];
  const client = newClient({
    address: head.url,
    transports: [throughProxy()],
    onRequest: () => requests.push(performance.now()),
  });
  const { submission_id: jobId } = await client.submitJob({ entrypoint: jobCommand('silence.py', 14) });
  const tail = client.tailJobLogs(jobId);
  let polls = 0;
  for await (const line of tail) {
    if (line !== 'before') continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    polls = agent.connections;
  }
  expect(agent.connections - polls).toBeLessThanOrEqual(1);
  expect(agent.connections).toBeLessThanOrEqual(3);
  await client.close();
});

it('hands a line over within 150 ms of its print (p95), by ranges', async () => {
  const client = newClient();
  const { submission_id: jobId } = await client.submitJob({ entrypoint: jobCommand('ticks.py', 8) });
  const delays: number[] = [];
  for await (const line of client.tailJobLogs(jobId)) {
    const tick = /^(\d+) (\d+\.\d+)$/.exec(line);
    if (tick !== null && Number(tick[1]) > 20) delays.push(Date.now() - Number(tick[2]));
  }
  delays.sort((a, b) => a - b);
  const at = (share: number): number => delays[Math.floor(delays.length * share)] as number;
  console.log(
    `latency of ${delays.length} lines: p50 ${at(0.5).toFixed(0)} ms, p95 ${at(0.95).toFixed(0)} ms`,
  );
  expect(at(0.95)).toBeLessThan(150);
  await client.close();
});
