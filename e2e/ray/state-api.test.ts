import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AgentClient } from '@raywire/agent';
import { NotFoundError, UnsupportedByServerError } from '@raywire/core';
import { DashboardClient, StreamLimits } from '@raywire/dashboard';
import { createGateway, rayDriver } from '@raywire/gateway';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IS_OLDER_RAY } from './python-environment.ts';
import { RayCluster } from './ray-cluster.ts';
import { jobCommand } from './ray-suite.ts';

/** What Ray looks at here; 10,000 elsewhere. */
const ROWS = 20;
let cluster: RayCluster;
let client: DashboardClient;
let withoutAgents: DashboardClient;

beforeAll(async () => {
  cluster = await RayCluster.start({ maxStateRequests: 4, maxStateRows: ROWS });
  const { address } = cluster;
  const streamLimits = StreamLimits.unlimited();
  client = new DashboardClient({ address, streamLimits });
  withoutAgents = new DashboardClient({ address, streamLimits, nodeAgents: false });
});

afterAll(async () => {
  await Promise.all([client.close(), withoutAgents.close()]);
  await cluster.stop();
});

it('holds no slot of the State API after 20 tails of a finished job, by all ways, read or abandoned', async () => {
  const { submission_id: jobId } = await client.submitJob({ entrypoint: jobCommand('lines.py', 20_000) });
  await client.waitForJob(jobId);
  for (let round = 0; round < 5; round++) {
    for (const open of [
      () => client.tailJobLogs(jobId),
      () => withoutAgents.streamTailJobLogs(jobId),
      () => withoutAgents.websocketTailJobLogs(jobId, { tailLines: 5 }),
      () => withoutAgents.streamTailJobLogs(jobId, { tailLines: 100 }),
    ]) {
      let lines = 0;
      for await (const _ of open()) {
        lines++;
        // Every other round leaves in the middle.
        if (round % 2 === 1 && lines === 3) break;
      }
      expect(lines).toBeGreaterThanOrEqual(3);
    }
  }
  for (let call = 0; call < 8; call++) expect((await client.listNodes()).length).toBe(1);
});

async function lastDriver(): Promise<string> {
  const jobs = (await client.listJobs()).items.flatMap(({ type, job_id }) =>
    type === 'DRIVER' && typeof job_id === 'string' ? [job_id] : [],
  );
  return String(jobs.toSorted().at(-1));
}

describe('a job that was not submitted', () => {
  beforeAll(async () => {
    const script = fileURLToPath(new URL('jobs/many_tasks.py', import.meta.url));
    const words = [script, `127.0.0.1:${cluster.gcsPort}`, '15'];
    await promisify(execFile)(join(cluster.bin, 'python'), words, { env: cluster.environment });
  });

  it('has no log of its driver: a 404 that explains, by all ways', async () => {
    const drivers = (await client.listJobs()).items.filter((job) => job.type === 'DRIVER');
    expect(drivers.length).toBeGreaterThanOrEqual(1);
    const jobId = String(drivers[0]?.job_id);
    expect(jobId).toMatch(/^[0-9a-f]{8}$/);
    for (const open of [
      () => client.tailJobLogs(jobId),
      () => withoutAgents.streamTailJobLogs(jobId),
      () => client.websocketTailJobLogs(jobId),
    ]) {
      const reading = (async () => {
        for await (const _ of open()) expect.unreachable();
      })();
      await expect(reading).rejects.toSatisfy((error) => NotFoundError.isInstance(error));
      await expect(reading).rejects.toMatchObject({
        code: 'NO_DRIVER_LOG',
        message: expect.stringMatching(/ray\.init.*tailWorkerLogs/),
      });
    }
  });

  it('says which calls it has where it cannot be stopped or deleted', async () => {
    const [driver] = (await client.listJobs()).items.filter((job) => job.type === 'DRIVER');
    const jobId = String(driver?.id);
    expect(await client.waitForJob(jobId)).toMatchObject({ id: jobId, status: 'SUCCEEDED' });
    for (const call of [() => client.stopJob(jobId), () => client.deleteJob(jobId)]) {
      await expect(call()).rejects.toMatchObject({
        code: 'UNSUPPORTED_BY_SERVER',
        message: expect.stringMatching(/started with ray\.init.*It has getJob and waitForJob/),
      });
    }
    await expect(client.getJobLogs(jobId)).rejects.toThrow(/It has getJob and waitForJob/);
  });

  // Before it truncates, Ray 2.40 filters by the job alone.
  it.skipIf(IS_OLDER_RAY)('has its tasks told past the rows that Ray looks at, each once', async () => {
    const [driver] = (await client.listJobs()).items.filter((job) => job.type === 'DRIVER');
    const filters = { job_id: String(driver?.job_id) };
    const page = await client.listTasks({ filters });
    expect(page).toMatchObject({ length: ROWS, truncated: true });
    expect(page.warnings.join()).toMatch(/20 of 45/);
    const names: string[] = [];
    const ids = new Set<string>();
    for await (const task of client.tasks({ filters })) {
      ids.add(task.task_id);
      names.push(String(task.name));
    }
    expect(ids.size).toBe(45);
    expect(names.toSorted()).toEqual([
      ...Array<string>(15).fill('blue'),
      ...Array<string>(15).fill('green'),
      ...Array<string>(15).fill('red'),
    ]);
  });

  it('is not told as whole by a gateway either, where Ray cuts the list of tasks short', async () => {
    const gateway = createGateway({ driver: rayDriver({ address: cluster.address }), token: 'a-token' });
    await gateway.listen();
    const agent = new AgentClient({ baseURL: gateway.url, agentToken: 'a-token' });
    try {
      const page = await agent.listTasks();
      expect(page).toMatchObject({ length: ROWS, truncated: true });
      expect(page.total).toBeGreaterThanOrEqual(45);
    } finally {
      await agent.close();
      await gateway.close();
    }
  });

  it.skipIf(IS_OLDER_RAY)('has its tasks told where their names are too many for one request', async () => {
    const script = fileURLToPath(new URL('jobs/many_tasks.py', import.meta.url));
    const words = [script, `127.0.0.1:${cluster.gcsPort}`, '1', '28'];
    await promisify(execFile)(join(cluster.bin, 'python'), words, { env: cluster.environment });
    const filters = { job_id: await lastDriver() };
    expect(await client.listTasks({ filters })).toMatchObject({ length: ROWS, truncated: true });
    const names: string[] = [];
    for await (const task of client.tasks({ filters })) names.push(String(task.name).split('-')[0] as string);
    expect(names.map(Number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 28 }, (_, at) => at));
  });

  it('has what no split makes short enough told, or refused', async () => {
    const script = fileURLToPath(new URL('jobs/many_tasks.py', import.meta.url));
    const words = [script, `127.0.0.1:${cluster.gcsPort}`, '25'];
    await promisify(execFile)(join(cluster.bin, 'python'), words, { env: cluster.environment });
    const filters = { job_id: await lastDriver() };
    const reading = (async () => {
      for await (const _ of client.tasks({ filters }));
    })();
    await expect(reading).rejects.toSatisfy((error) => UnsupportedByServerError.isInstance(error));
    const missing: number[] = [];
    let told = 0;
    for await (const _ of client.tasks({ filters, onIncomplete: ({ total }) => missing.push(total) })) told++;
    expect(missing.length).toBeGreaterThan(0);
    expect(told).toBeGreaterThanOrEqual(3 * ROWS);
  });
});
