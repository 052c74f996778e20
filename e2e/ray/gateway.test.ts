import { AgentClient, StreamLimits, type TailOptions } from '@raywire/agent';
import { ConflictError, NotFoundError } from '@raywire/core';
import { createGateway, type Gateway, type RayDriverOptions, rayDriver } from '@raywire/gateway';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { AFTER_BAD_BYTE, driverLog, exactLines, jobCommand } from './ray-suite.ts';
import { TcpProxy } from './tcp-proxy.ts';

const token = 'token-of-the-gateway';
const protocols = ['websocket', 'http'] as const;
const closing: (() => Promise<unknown>)[] = [];
let client: AgentClient;

async function gatewayOf(options: RayDriverOptions = {}): Promise<{ gateway: Gateway; client: AgentClient }> {
  const gateway = createGateway({ driver: rayDriver({ address: inject('address'), ...options }), token });
  await gateway.listen();
  const own = new AgentClient({
    baseURL: gateway.url,
    agentToken: token,
    streamLimits: StreamLimits.unlimited(),
    reconnect: { initialDelayMs: 50, maxDelayMs: 200 },
  });
  closing.push(
    () => own.close(),
    () => gateway.close(),
  );
  return { gateway, client: own };
}

beforeAll(async () => {
  client = (await gatewayOf()).client;
});

afterAll(async () => {
  for (const close of closing) await close();
});

async function start(entrypoint: string): Promise<string> {
  return (await client.submitJob({ entrypoint })).submission_id;
}

async function tailed(jobId: string, options: TailOptions = {}, by: AgentClient = client) {
  const tail = by.tailJobLogs(jobId, { carriageReturn: 'keep', ...options });
  const lines: string[] = [];
  for await (const line of tail) lines.push(line);
  return { lines, end: await tail.end };
}

/** The same by every protocol at once: starting a job costs the cluster more than its tails. */
async function byAll(check: (protocol: (typeof protocols)[number]) => Promise<void>): Promise<void> {
  await Promise.all(protocols.map(check));
}

describe.concurrent('a job of a real Ray, through the gateway by WebSocket and by HTTP', () => {
  it.each([
    ['200,000 lines at full speed', jobCommand('lines.py', 200_000), 0],
    ['a byte that is not UTF-8, then exit 7', jobCommand('bad_byte.py'), AFTER_BAD_BYTE],
    ['a line of 5 MB, then more', jobCommand('long_line.py'), 0],
    ['a progress bar', jobCommand('progress.py'), 0],
    ['no newline at the end', jobCommand('unfinished.py'), 0],
    ['an entrypoint that fails', 'echo this is all; exit 3', 3],
  ])('is delivered as its file has it: %s', async (_, entrypoint, exitCode) => {
    const jobId = await start(entrypoint);
    await byAll(async (protocol) => {
      const live = await tailed(jobId, { protocol });
      expect(live.lines).toEqual(exactLines(driverLog(jobId)));
      expect(live.end).toMatchObject({ reason: 'complete', exitCode, reconnects: 0 });
      expect((await tailed(jobId, { protocol })).lines).toEqual(live.lines);
    });
  });

  it('ends when it is stopped in the middle', async () => {
    const jobId = await start(jobCommand('ticks.py', 60));
    let waiting = protocols.length;
    await byAll(async (protocol) => {
      const tail = client.tailJobLogs(jobId, { protocol });
      const lines: string[] = [];
      for await (const line of tail)
        if (lines.push(line) === 20 && --waiting === 0) await client.stopJob(jobId);
      expect(lines).toEqual(exactLines(driverLog(jobId)));
      expect(await tail.end).toMatchObject({ reason: 'complete', jobStatus: 'STOPPED' });
    });
  });

  it('goes on from a cursor, and begins before its end', async () => {
    const jobId = await start(jobCommand('lines.py', 3_000));
    await byAll(async (protocol) => {
      const all = (await tailed(jobId, { protocol })).lines;
      const first = client.tailJobLogs(jobId, { protocol });
      const seen: string[] = [];
      for await (const line of first) if (seen.push(line) === 1_234) break;
      const cursor = JSON.parse(JSON.stringify(first.cursor));
      expect([...seen, ...(await tailed(jobId, { protocol, cursor })).lines]).toEqual(all);
      expect((await tailed(jobId, { protocol, tailLines: 10 })).lines).toEqual(all.slice(-10));
    });
  });
});

describe.concurrent('the gateway in front of a real Ray', () => {
  it('follows a log once, however many watch it, and survives the loss of the cluster unseen', async () => {
    // The node agent is not asked, so that all goes through the proxy.
    const proxy = await TcpProxy.to(inject('address'));
    closing.push(() => proxy.close());
    const own = await gatewayOf({ address: proxy.url, nodeAgents: false });
    const jobId = await start(jobCommand('ticks.py', 8));
    const viewers = protocols.flatMap((protocol) =>
      [0, 1, 2].map(() => tailed(jobId, { protocol }, own.client)),
    );
    const first = own.client.tailJobLogs(jobId);
    let seen = 0;
    for await (const _ of first) if (++seen % 40 === 0) proxy.cut();
    const expected = exactLines(driverLog(jobId));
    expect(seen).toBe(expected.length);
    for (const { lines, end } of await Promise.all(viewers)) {
      expect(lines).toEqual(expected);
      expect(end).toMatchObject({ reason: 'complete', reconnects: 0 });
    }
  });

  it('refuses an offset in a job that has not begun, and the others read on', async () => {
    const own = await gatewayOf();
    const blocker = await own.client.submitJob({ entrypoint: 'sleep 5', entrypointNumCpus: 2 });
    const { submission_id: jobId } = await own.client.submitJob({
      entrypoint: jobCommand('lines.py', 100),
      entrypointNumCpus: 2,
    });
    const headers = { authorization: token };
    const stale = await fetch(`${own.gateway.url}/jobs/${jobId}/logs/stream/?offset=999`, { headers });
    expect(stale.status).toBe(416);
    const { lines, end } = await tailed(jobId, {}, own.client);
    expect(lines).toEqual(exactLines(driverLog(jobId)));
    expect(end).toMatchObject({ reason: 'complete', reconnects: 0 });
    await own.client.waitForJob(blocker.submission_id);
  });

  it('keeps what its spool cannot hold readable', async () => {
    const own = await gatewayOf({ maxSpoolBytes: 1 });
    const jobId = await start(jobCommand('lines.py', 400_000));
    const { lines } = await tailed(jobId, {}, own.client);
    expect((await tailed(jobId, {}, own.client)).lines).toEqual(lines);
    expect(lines).toEqual(exactLines(driverLog(jobId)));
  });

  it('speaks for the cluster: jobs, nodes, tasks, applications, and what they are not', async () => {
    expect(await client.healthCheck()).toMatchObject({ driver: 'ray', status: 'ok' });
    const jobId = await start('sleep 60');
    expect((await client.getJob(jobId)).job_id).toBe(jobId);
    await expect(client.submitJob({ entrypoint: 'true', submissionId: jobId })).rejects.toThrow(
      ConflictError,
    );
    await expect(client.deleteJob(jobId)).rejects.toThrow(ConflictError);
    // A job that waits cannot be stopped yet.
    await expect.poll(async () => (await client.getJob(jobId)).status, { timeout: 60_000 }).toBe('RUNNING');
    expect(await client.stopJob(jobId)).toMatchObject({ stopped: true });
    expect(await client.waitForJob(jobId)).toMatchObject({ status: 'STOPPED' });
    await client.deleteJob(jobId);
    await expect(client.getJob(jobId)).rejects.toThrow(NotFoundError);
    await expect(tailed(jobId)).rejects.toThrow(NotFoundError);
    const [node] = await client.listNodes();
    expect(node).toMatchObject({ alive: true, is_head_node: true });
    await expect(client.getNode('ff'.repeat(28))).rejects.toThrow(NotFoundError);
    await expect(client.getTask('ff'.repeat(24))).rejects.toThrow(NotFoundError);
    // Other suites of the same cluster may have left some.
    const applications = await client.listServeApplications();
    expect(applications.items.map(({ name }) => name)).not.toContain('nobody');
    await expect(client.deleteServeApplication('nobody')).rejects.toThrow(NotFoundError);
  });
});
