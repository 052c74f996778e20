import type { LogTransport } from '@raywire/core';
import {
  DashboardClient,
  type DashboardClientOptions,
  StreamLimits,
  type TailEvent,
} from '@raywire/dashboard';
import { httpTransport } from '@raywire/transport-http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RayCluster } from './ray-cluster.ts';
import { exactLines, jobCommand } from './ray-suite.ts';

const HEAD = '127.0.0.2';
const SECOND = '127.0.0.3';
let cluster: RayCluster;
let secondAgent: string;
let client: DashboardClient;
const clients: DashboardClient[] = [];

beforeAll(async () => {
  cluster = await RayCluster.start({ host: HEAD, gpus: 1 });
  secondAgent = await cluster.addNode({ host: SECOND, resources: { second: 2 }, gpus: 2 });
  client = clientOf();
});

afterAll(async () => {
  await Promise.all(clients.map((made) => made.close()));
  await cluster.stop();
});

function clientOf(options: DashboardClientOptions = {}): DashboardClient {
  const { address } = cluster;
  const made = new DashboardClient({ address, streamLimits: StreamLimits.unlimited(), ...options });
  clients.push(made);
  return made;
}

/** A job whose driver runs on the second node, or on the head. */
async function start(entrypoint: string, resources: Record<string, number> = { second: 1 }): Promise<string> {
  const { submission_id: jobId } = await client.submitJob({
    entrypoint,
    entrypointResources: resources,
    entrypointNumGpus: 0.5,
  });
  return jobId;
}

/** What comes, by which sources, and whom the node agents' rule was asked for. */
async function readBy(reader: DashboardClient, jobId: string) {
  const sources: string[] = [];
  const onEvent = (event: TailEvent): void => {
    if (event.type === 'connect') sources.push(event.source);
  };
  const lines: string[] = [];
  for await (const line of reader.tailJobLogs(jobId, { onEvent })) lines.push(line);
  return { lines, sources };
}

it('asks the agent of another host only where that was allowed, and reads the log all the same', async () => {
  const jobId = await start(jobCommand('lines.py', 3_000));
  const asked: string[] = [];
  const allowing = clientOf({
    nodeAgents: ({ url }) => {
      asked.push(url);
      return url === secondAgent;
    },
  });
  const [byRule, refused, chosen, allowed] = await Promise.all([
    readBy(client, jobId),
    readBy(clientOf({ nodeAgents: () => false }), jobId),
    readBy(allowing, jobId),
    readBy(clientOf({ nodeAgents: true }), jobId),
  ]);
  const expected = exactLines(cluster.driverLog(jobId));
  expect(expected.length).toBeGreaterThanOrEqual(3_000);
  for (const { lines } of [byRule, refused, chosen, allowed]) expect(lines).toEqual(expected);
  expect(byRule.sources).not.toContain('dashboard-ranges');
  expect(refused.sources).not.toContain('dashboard-ranges');
  expect(chosen.sources).toEqual(['dashboard-ranges']);
  expect(allowed.sources).toEqual(['dashboard-ranges']);
  expect([...new Set(asked)]).toEqual([secondAgent]);
});

it("asks the head's agent under the name by which the dashboard is known here", async () => {
  const jobId = await start(jobCommand('lines.py', 500), { 'node:__internal_head__': 0.001 });
  const asked: string[] = [];
  const inner = httpTransport();
  const watching: LogTransport = {
    ...inner,
    open: (request) => {
      asked.push(new URL(request.url).host);
      return inner.open(request);
    },
  };
  const { lines, sources } = await readBy(clientOf({ transports: [watching] }), jobId);
  expect(lines).toEqual(exactLines(cluster.driverLog(jobId)));
  expect(sources).toEqual(['dashboard-ranges']);
  const { port } = new URL(cluster.agentAddress);
  expect([...new Set(asked)]).toEqual([`127.0.0.1:${port}`]);
});

it('reads the logs of the tasks of a driver on the other node', async () => {
  const jobId = await start(jobCommand('tasks_and_actors.py', 0));
  const job = await client.waitForJob(jobId);
  expect(job.status).toBe('SUCCEEDED');
  const filters = { job_id: String(job.job_id), name: 'speak' };
  const said: string[] = [];
  for await (const task of client.tasks({ filters })) {
    for await (const line of client.tailTaskLogs(task.task_id)) said.push(line);
  }
  expect(said.filter((line) => /^task \d says a line$/.test(line)).toSorted()).toEqual(
    [0, 1, 2, 3, 4].map((number) => `task ${number} says a line`),
  );
});

it('sums the GPUs of all nodes, and lists both', async () => {
  const jobId = await start(jobCommand('silence.py', 60));
  for await (const line of client.tailJobLogs(jobId)) if (line === 'before') break;
  // The nodes tell the head now and then.
  await expect
    .poll(() => client.getGpuStatus(), { timeout: 20_000 })
    .toMatchObject({ total_gpus: 3, used_gpus: 0.5, available_gpus: 2.5 });
  expect((await client.listNodes()).items.map((node) => node.alive)).toEqual([true, true]);
  await client.stopJob(jobId);
});

it('lists what a filter finds as whole, whatever Ray left out at its source', async () => {
  const [node] = (await client.listNodes()).items;
  for (const filters of [{ node_id: String(node?.node_id) }, { state: 'DEAD' }]) {
    const page = await client.listNodes({ filters });
    const { length } = page;
    expect(page).toMatchObject({ total: length, truncated: false, warnings: [] });
  }
  const nobody = 'ff'.repeat(28);
  await expect(client.getNode(nobody)).rejects.toThrow(/^There is no node "f+" on this cluster\.$/);
  // Those of the jobs above are dead by now.
  const alive = await client.listWorkers({ filters: { is_alive: 'True' } });
  expect(alive).toMatchObject({ total: alive.length, truncated: false, warnings: [] });
  expect((await client.listWorkers()).length).toBeGreaterThan(alive.length);
});
