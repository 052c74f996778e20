import { AuthenticationError, AuthorizationError, type ClientError } from '@raywire/core';
import {
  DashboardClient,
  type DashboardClientOptions,
  dashboardBackend,
  StreamLimits,
} from '@raywire/dashboard';
import { rayDriver } from '@raywire/gateway';
import { createRayClient } from '@raywire/ray';
import { httpTransport, undiciRequester } from '@raywire/transport-http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RayCluster } from './ray-cluster.ts';
import { jobCommand } from './ray-suite.ts';

const TOKEN = 'the-token-of-this-suite-0123456789';
let cluster: RayCluster;
const clients: DashboardClient[] = [];

beforeAll(async () => {
  cluster = await RayCluster.start({ token: TOKEN });
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await cluster.stop();
});

function clientOf(options: DashboardClientOptions): DashboardClient {
  const client = new DashboardClient({
    address: cluster.address,
    streamLimits: StreamLimits.unlimited(),
    reconnect: { initialDelayMs: 50, maxDelayMs: 200 },
    ...options,
  });
  clients.push(client);
  return client;
}

async function linesOf(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

it.concurrent('is 401 without a token, 403 with a wrong one, and no error repeats it', async () => {
  const nobody = clientOf({});
  await expect(nobody.getVersion()).rejects.toSatisfy((error) => AuthenticationError.isInstance(error));
  const wrong = clientOf({ token: 'a-wrong-token-9876543210' });
  const error = await wrong.listJobs().then(
    () => undefined,
    (reason: ClientError) => reason,
  );
  expect(AuthorizationError.isInstance(error)).toBe(true);
  expect(JSON.stringify(error) + String(error?.stack)).not.toContain('9876543210');
  for (const options of [{}, { protocol: 'websocket' }, { protocol: 'http' }]) {
    await expect(linesOf(nobody.tailJobLogs('raysubmit_x', options))).rejects.toMatchObject({
      statusCode: 401,
    });
    await expect(linesOf(wrong.tailJobLogs('raysubmit_x', options))).rejects.toMatchObject({
      statusCode: 403,
    });
  }
});

it.concurrent.each([{}, { tokenHeader: 'x-ray-authorization' as const }])(
  'does everything with the right token %o',
  async (options) => {
    const client = clientOf({ token: TOKEN, ...options });
    const { submission_id: jobId } = await client.submitJob({ entrypoint: jobCommand('lines.py', 500) });
    const tails = [
      client.tailJobLogs(jobId),
      client.websocketTailJobLogs(jobId),
      clientOf({ token: TOKEN, nodeAgents: false, ...options }).streamTailJobLogs(jobId),
    ];
    await Promise.all(
      tails.map(async (tail) => {
        expect((await linesOf(tail)).filter((line) => line.startsWith('line '))).toHaveLength(500);
        expect(await tail.end).toMatchObject({ reason: 'complete', exitCode: 0 });
      }),
    );
  },
);

it.concurrent('asks a token function once more after a 401, and once a client otherwise', async () => {
  let asked = 0;
  const client = clientOf({
    token: async () => {
      asked++;
      return TOKEN;
    },
  });
  await client.listJobs();
  await client.listNodes();
  expect(asked).toBe(1);
});

it.concurrent('asks a token function once more when its token was rotated, which Ray answers with a 403', async () => {
  const first = clientOf({ token: TOKEN });
  const { submission_id: jobId } = await first.submitJob({ entrypoint: jobCommand('ticks.py', 4) });
  let asked = 0;
  const rotating = (): string => (asked++ === 0 ? 'the-token-of-yesterday' : TOKEN);
  const writing = clientOf({ token: rotating });
  await expect(writing.stopJob('raysubmit_nobody')).rejects.toMatchObject({ statusCode: 404 });
  expect(asked).toBe(2);
  asked = 0;
  // In mid-tail: the token is taken away, and the function gives the good one at the next question.
  let token = TOKEN;
  let questions = 0;
  const reading = clientOf({
    token: () => {
      questions++;
      return token;
    },
  });
  const lines: string[] = [];
  const tail = reading.tailJobLogs(jobId);
  for await (const line of tail) {
    if (lines.push(line) === 10) {
      token = 'a-token-that-is-not-good';
      await reading.requestHeaders({ refresh: true });
      token = TOKEN;
    }
  }
  expect(lines.filter((line) => /^\d+ \d/.test(line))).toHaveLength(80);
  expect(await tail.end).toMatchObject({ reason: 'complete', reconnects: 0 });
  expect(questions).toBe(3);
});

it.concurrent("asks once more for a composed client and for a gateway's driver too, for calls, writes and logs", async () => {
  const { address } = cluster;
  let asked = 0;
  // Every other answer is the token of yesterday.
  const token = (): string => (asked++ % 2 === 0 ? 'the-token-of-yesterday' : TOKEN);
  const composed = createRayClient({
    backend: dashboardBackend({ address, token }),
    transports: [httpTransport()],
    requester: undiciRequester,
  });
  const { submission_id: jobId } = await composed.submitJob({ entrypoint: jobCommand('lines.py', 50) });
  expect(asked).toBe(2);
  const tail = composed.tailJobLogs(jobId);
  expect((await linesOf(tail)).filter((line) => line.startsWith('line '))).toHaveLength(50);
  await composed.close();

  asked = 0;
  const driver = rayDriver({ address, token, lingerMs: 0 });
  expect(await driver.get(jobId)).toMatchObject({ status: 'SUCCEEDED' });
  expect(asked).toBe(2);
  // The token changes between two calls.
  await driver.close?.();
  let current = TOKEN;
  const rotated = rayDriver({ address, token: () => current, lingerMs: 0 });
  await rotated.list();
  current = 'the-token-of-tomorrow';
  // What is known is still good, so that nobody asks.
  expect(await rotated.get(jobId)).toMatchObject({ status: 'SUCCEEDED' });
  const log = await rotated.openLog(jobId, 0);
  await log.ready;
  expect(log.size).toBe(cluster.driverLog(jobId).length);
  await log.close();
  await rotated.close?.();
  const never = rayDriver({ address, token: () => current });
  await expect(never.stop(jobId)).rejects.toMatchObject({ statusCode: 403 });
  await never.close?.();
});
