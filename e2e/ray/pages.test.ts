import { AgentClient, type Listing } from '@raywire/agent';
import type { DashboardClient } from '@raywire/dashboard';
import { createGateway, rayDriver } from '@raywire/gateway';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { jobCommand, newClient } from './ray-suite.ts';

const token = 'token-of-the-gateway';
const closing: (() => Promise<unknown>)[] = [];
const clients: { dashboard?: DashboardClient; gateway?: AgentClient } = {};
/** Ray's ID of a job with five tasks and an actor. */
let rayJobId: string;

beforeAll(async () => {
  const dashboard = newClient();
  const gateway = createGateway({ driver: rayDriver({ address: inject('address') }), token });
  await gateway.listen();
  const agent = new AgentClient({ baseURL: gateway.url, agentToken: token });
  closing.push(
    () => dashboard.close(),
    () => agent.close(),
    () => gateway.close(),
  );
  Object.assign(clients, { dashboard, gateway: agent });
  const entrypoint = jobCommand('tasks_and_actors.py', 4);
  const { id } = await dashboard.submitJob({ entrypoint, metadata: { kind: 'tasks' } });
  for (let index = 0; index < 3; index++) {
    await dashboard.submitJob({ entrypoint: `echo page ${index}`, metadata: { kind: 'echo' } });
  }
  rayJobId = String((await dashboard.waitForJob(id)).job_id);
});

afterAll(async () => {
  for (const close of closing) await close();
});

async function pagesOf<T>(list: (cursor: string | undefined) => Promise<Listing<T>>): Promise<Listing<T>[]> {
  const pages: Listing<T>[] = [];
  do pages.push(await list(pages.at(-1)?.next));
  while (pages.at(-1)?.next !== undefined);
  return pages;
}

describe.each(['dashboard', 'gateway'] as const)('lists of a real Ray, by a client of its %s', (kind) => {
  it('have pages of tasks, which joined are the whole list', async () => {
    const client = clients[kind] as AgentClient;
    const whole = await client.listTasks({ jobId: rayJobId });
    expect(whole.length).toBeGreaterThan(5);
    const pages = await pagesOf((cursor) => client.listTasks({ jobId: rayJobId, limit: 2, cursor }));
    const ids = pages.flatMap((page) => page.map((task) => `${task.task_id}/${task.attempt_number}`));
    expect(ids.toSorted()).toEqual(whole.map((task) => `${task.task_id}/${task.attempt_number}`).toSorted());
    for (const page of pages.slice(0, -1)) {
      expect(page).toMatchObject({ length: 2, total: whole.total, truncated: true });
    }
    expect(pages.at(-1)?.truncated).toBe(false);
    const speakers = await client.listTasks({ jobId: rayJobId, name: 'spea', state: ['FINISHED', 'FAILED'] });
    expect(new Set(speakers.map(({ name }) => name))).toEqual(new Set(['speak', 'Speaker.speak']));
  });

  it('have pages of jobs, the newest first, while jobs are added', async () => {
    const client = clients[kind] as AgentClient;
    const before = await client.listJobs();
    const pages = await pagesOf(async (cursor) => {
      const page = await client.listJobs({ limit: 2, cursor });
      await client.submitJob({ entrypoint: 'true' });
      return page;
    });
    const ids = pages.flatMap((page) => page.map(({ id }) => id));
    expect(ids.toSorted()).toEqual(before.map(({ id }) => id).toSorted());
    const starts = pages.flatMap((page) => page.map(({ start_time: start }) => start ?? 0));
    expect(starts).toEqual(starts.toSorted((a, b) => b - a));
    expect((await client.listJobs({ metadata: { kind: 'echo' }, entrypoint: 'page 1' })).length).toBe(1);
    expect((await client.listJobs({ metadata: { kind: true }, status: 'RUNNING' })).length).toBe(0);
  });

  it('have nodes by state and name', async () => {
    const client = clients[kind] as AgentClient;
    const [node] = await client.listNodes({ state: 'ALIVE', limit: 5 });
    expect(node).toMatchObject({ state: 'ALIVE', alive: true });
    expect((await client.listNodes({ nodeName: String(node?.node_name).slice(1, 4) })).length).toBe(1);
    expect((await client.listNodes({ state: 'DEAD' })).length).toBe(0);
  });
});
