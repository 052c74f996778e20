import { AgentClient, type TailEvent } from '@raywire/agent';
import { StreamInterruptedError } from '@raywire/core';
import { createGateway, type Gateway } from '@raywire/gateway';
import { freePorts } from '@raywire/testing';
import { describe, it } from 'vitest';
import { MemoryJobs } from './lab/memory-jobs.js';

const token = 'token-of-the-gateway';
const lines = Array.from({ length: 200 }, (_, index) => `line ${index}`);
const bytes = Buffer.from(`${lines.join('\n')}\n`);
/** 60 s, scaled down; so are the delays. */
const GIVE_UP_AFTER_MS = 1_500;
const reconnect = { initialDelayMs: 6, maxDelayMs: 250, giveUpAfterMs: GIVE_UP_AFTER_MS };

type Reconnect = TailEvent & { type: 'reconnect' };

/** A tail that has delivered the first lines, and its gateway, which can go and come back. */
async function midTail(protocol: string, onTestFinished: (close: () => Promise<void>) => void) {
  const [port] = (await freePorts(1)) as [number];
  const jobs = new MemoryJobs();
  const isBack = Promise.withResolvers<void>();
  jobs.add('job', {
    bytes,
    life: 'running',
    readBytes: 1_000,
    startTime: 1,
    startBytes: 500,
    holdUntil: isBack.promise,
  });
  let gateway: Gateway | undefined;
  const up = async (): Promise<void> => {
    gateway = createGateway({ driver: jobs.driver, token, port });
    await gateway.listen();
  };
  await up();
  onTestFinished(async () => gateway?.close());
  const client = new AgentClient({ baseURL: `http://127.0.0.1:${port}`, agentToken: token, reconnect });
  onTestFinished(() => client.close());
  const reconnects: Reconnect[] = [];
  const tail = client.tailJobLogs('job', {
    protocol,
    onEvent: (event) => event.type === 'reconnect' && reconnects.push(event),
  });
  const batches = tail.batches();
  const first = (await batches.next()).value as string[];
  return { first, tail, batches, reconnects, down: () => gateway?.close(), up, release: isBack.resolve };
}

describe.concurrent.each(['websocket', 'http'])('a tail over an outage, by %s', (protocol) => {
  // 5, 10, 30 and 55 of 60 seconds.
  it.for([1 / 12, 1 / 6, 1 / 2, 11 / 12])(
    'survives %f of its budget',
    async (share, { expect, onTestFinished }) => {
      const { first, tail, batches, reconnects, down, up, release } = await midTail(protocol, onTestFinished);
      const rest = (async () => {
        const read: string[] = [];
        for await (const batch of batches) read.push(...batch);
        return read;
      })();
      await down();
      const began = performance.now();
      await new Promise((resolve) => setTimeout(resolve, share * GIVE_UP_AFTER_MS));
      await up();
      release();
      expect([...first, ...(await rest)]).toEqual(lines);
      expect(await tail.end).toMatchObject({ reason: 'complete' });
      expect(performance.now() - began).toBeLessThan(GIVE_UP_AFTER_MS + 2_000);
      expect(reconnects.length).toBeGreaterThan(0);
    },
  );

  it('ends when it has lasted longer than its budget, not sooner, and its events say how long it goes on', async ({
    expect,
    onTestFinished,
  }) => {
    const { batches, reconnects, down } = await midTail(protocol, onTestFinished);
    await down();
    const began = performance.now();
    const failed = await batches.next().catch((error: unknown) => error);
    const lastedMs = performance.now() - began;
    expect(failed).toBeInstanceOf(StreamInterruptedError);
    expect(lastedMs).toBeGreaterThan(GIVE_UP_AFTER_MS * 0.9);
    expect(lastedMs).toBeLessThan(GIVE_UP_AFTER_MS + 3_000);
    const left = reconnects.map(({ giveUpInMs }) => giveUpInMs);
    expect(left[0]).toBeGreaterThan(GIVE_UP_AFTER_MS * 0.9);
    expect(left).toEqual(left.toSorted((a, b) => b - a));
    for (const { delayMs, giveUpInMs } of reconnects)
      expect(delayMs).toBeLessThanOrEqual(Math.ceil(giveUpInMs));
  });
});
