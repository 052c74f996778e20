import type { LogTransport } from '@raywire/core';
import type { TailEvent, TailOptions } from '@raywire/dashboard';
import { httpTransport } from '@raywire/transport-http';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { canonicalLines, driverLog, exactLines, jobCommand, newClient } from './ray-suite.ts';
import { TcpProxy } from './tcp-proxy.ts';

let head: TcpProxy;
let agent: TcpProxy;
let cutting: ReturnType<typeof setInterval> | undefined;

beforeEach(async () => {
  head = await TcpProxy.to(inject('address'));
  agent = await TcpProxy.to(inject('agentAddress'));
});

afterEach(async () => {
  clearInterval(cutting);
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

interface Way {
  name: string;
  options: TailOptions;
  nodeAgents: boolean | undefined;
  lines: typeof exactLines;
  /** Ray's WebSocket says nothing in its first second. */
  cutEveryMs: number;
}

const ways: Way[] = [
  {
    name: 'ranges',
    options: { protocol: 'http' },
    nodeAgents: undefined,
    lines: exactLines,
    cutEveryMs: 500,
  },
  { name: 'files', options: { protocol: 'http' }, nodeAgents: false, lines: exactLines, cutEveryMs: 500 },
  {
    name: 'the WebSocket',
    options: { protocol: 'websocket' },
    nodeAgents: undefined,
    lines: canonicalLines,
    cutEveryMs: 2_500,
  },
];

describe.each(ways)('a tail by $name', ({ options, nodeAgents, lines, cutEveryMs }) => {
  it('loses and repeats nothing when its connections are cut again and again', async () => {
    const client = newClient({
      address: head.url,
      nodeAgents,
      transports: [throughProxy()],
      reconnect: { initialDelayMs: 50, maxDelayMs: 200, budget: 20 },
    });
    const { submission_id: jobId } = await client.submitJob({ entrypoint: jobCommand('ticks.py', 9) });
    let cuts = 0;
    cutting = setInterval(() => {
      cuts++;
      head.cut();
      agent.cut();
    }, cutEveryMs);
    const read: string[] = [];
    const tail = client.tailJobLogs(jobId, { carriageReturn: 'keep', ...options });
    // Whoever replays from the start must get through once.
    for await (const line of tail) if (read.push(line) === 120) clearInterval(cutting);
    expect(cuts).toBeGreaterThan(1);
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
  const client = newClient({
    address: head.url,
    transports: [throughProxy()],
    reconnect: { initialDelayMs: 50, maxDelayMs: 200 },
  });
  const { submission_id: jobId } = await client.submitJob({ entrypoint: jobCommand('ticks.py', 6) });
  const sources: string[] = [];
  const onEvent = (event: TailEvent): void => {
    if (event.type === 'connect') sources.push(event.source);
  };
  const read: string[] = [];
  for await (const line of client.tailJobLogs(jobId, { carriageReturn: 'keep', onEvent })) {
    if (read.push(line) === 30) await agent.close();
  }
  agent = await TcpProxy.to(inject('agentAddress'));
  expect(sources[0]).toBe('dashboard-ranges');
  expect(sources.at(-1)).toBe('dashboard-websocket');
  expect(read).toEqual(exactLines(driverLog(jobId)));
  await client.close();
});

it('asks at most twice a second when idle, and keeps its connection', async () => {
  const asked: number[] = [];
  const http = throughProxy();
  const transport: LogTransport = {
    ...http,
    open: (request) => {
      asked.push(performance.now());
      return http.open(request);
    },
  };
  const onRequest = (): number => asked.push(performance.now());
  const client = newClient({ address: head.url, transports: [transport], onRequest });
  const { submission_id: jobId } = await client.submitJob({ entrypoint: jobCommand('silence.py', 18) });
  let before = 0;
  for await (const line of client.tailJobLogs(jobId)) {
    if (line === 'before') before = performance.now();
    if (line === 'after') before -= performance.now();
  }
  // It takes a few seconds to ease.
  const from = asked[0] as number;
  const idle = asked.filter((time) => time > from + 10_000 && time < from + 18_000).length;
  expect(idle / 8).toBeLessThanOrEqual(2);
  expect(before).toBeLessThan(-15_000);
  expect(agent.connections).toBeLessThanOrEqual(2);
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
