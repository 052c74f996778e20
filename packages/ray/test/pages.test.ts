import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentClient, type Listing, type ListJobsOptions } from '@raywire/agent';
import { createGateway, localDriver } from '@raywire/gateway';
import { describe, expect, it, onTestFinished } from 'vitest';
import { agentWith } from './tail-lab.js';

async function gatewayWithJobs(count: number) {
  const directory = await mkdtemp(join(tmpdir(), 'raywire-pages-'));
  const gateway = createGateway({ driver: localDriver({ directory }), token: 'token-of-pages' });
  await gateway.listen();
  const paths: string[] = [];
  const options = { baseURL: gateway.url, agentToken: 'token-of-pages' };
  const submitter = new AgentClient(options);
  const client = new AgentClient({
    ...options,
    onRequest: ({ url }) => paths.push(url.slice(gateway.url.length)),
  });
  onTestFinished(async () => {
    await submitter.close();
    await client.close();
    await gateway.close();
    await rm(directory, { recursive: true });
  });
  for (let index = 0; index < count; index++) {
    await submitter.submitJob({
      submissionId: `job-${index}`,
      entrypoint: `exec sleep 6${index}`,
      metadata: { 'team name': index % 2 ? 'a&b=ü' : '' },
    });
  }
  return { client, paths };
}

const idsOf = (page: Listing<{ id: string }>) => page.map(({ id }) => id);

describe('a gateway', () => {
  it('gives pages, which joined are the whole list, while jobs are added', async () => {
    const { client } = await gatewayWithJobs(7);
    const got: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.listJobs({ limit: 3, cursor });
      expect(page.length).toBeLessThanOrEqual(3);
      expect(page.truncated).toBe(page.next !== undefined);
      got.push(...idsOf(page));
      await client.submitJob({ submissionId: `later-${got.length}`, entrypoint: 'sleep 60' });
      cursor = page.next;
    } while (cursor !== undefined);
    expect(got).toEqual([6, 5, 4, 3, 2, 1, 0].map((index) => `job-${index}`));
    const whole = await client.listJobs();
    expect(whole).toMatchObject({ length: 10, total: 10, truncated: false, next: undefined });
    expect(await client.listJobs({ cursor: (await client.listJobs({ limit: 8 })).next })).toMatchObject({
      ...{ length: 2, total: 10, truncated: false },
    });
  });

  it('filters by itself, and is asked once what it can do', async () => {
    const { client, paths } = await gatewayWithJobs(4);
    await client.stopJob('job-3');
    expect(idsOf(await client.listJobs({ metadata: { 'team name': 'a&b=ü' } }))).toEqual(['job-3', 'job-1']);
    expect(idsOf(await client.listJobs({ metadata: { 'team name': true }, entrypoint: 'p 62' }))).toEqual([
      'job-2',
    ]);
    expect(idsOf(await client.listJobs({ status: ['PENDING', 'FAILED'] }))).toEqual([]);
    const page = await client.listJobs({ metadata: { 'team name': '' }, limit: 1 });
    expect(page).toMatchObject({ items: [{ id: 'job-2' }], total: 2, truncated: true });
    expect(await client.listTasks({ jobId: 'job-0', state: 'RUNNING' })).toMatchObject({ length: 1 });
    expect(await client.listNodes({ state: 'DEAD' })).toMatchObject({ length: 0, total: 0 });
    expect(await client.listServeApplications({ name: 'x', limit: 1 })).toMatchObject({
      length: 0,
      truncated: false,
    });
    expect(paths.filter((path) => path === '/health/')).toHaveLength(1);
    expect(paths).toContain('/jobs/?limit=1&metadata.team+name=');
  });

  it('refuses a cursor of another list, with what to pass', async () => {
    const { client } = await gatewayWithJobs(0);
    const cursor = btoa(encodeURIComponent('["nodes",["a"],[]]'));
    await expect(client.listJobs({ cursor })).rejects.toMatchObject({
      ...{ statusCode: 400, message: expect.stringContaining('Pass the next of an earlier Listing') },
    });
  });
});

const jobs = ['a', 'b', 'c', 'd'].map((job_id, index) => ({
  job_id,
  status: index % 2 ? 'FAILED' : 'RUNNING',
  entrypoint: `run ${job_id}`,
  metadata: index === 3 ? null : { team: job_id },
}));
const pages: Record<string, unknown> = {
  '/jobs/': { count: 4, next: '/jobs/?cursor=2&limit=2', results: jobs.slice(0, 2) },
  '/jobs/?cursor=2&limit=2': { count: 4, next: null, results: jobs.slice(2) },
};

describe.each([
  ['bare arrays', () => jobs],
  ['pages of its own', (url: string) => pages[url]],
])('an old agent that has %s', (_, answer) => {
  const old = () =>
    agentWith({
      request({ url = '' }, response) {
        if (!url.startsWith('/jobs/')) return false;
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer(url)));
        return true;
      },
    });

  it.each<[ListJobsOptions, string[], number, boolean]>([
    [{ limit: 3 }, ['a', 'b', 'c'], 4, true],
    [{ limit: 4 }, ['a', 'b', 'c', 'd'], 4, false],
    [{ status: 'FAILED' }, ['b', 'd'], 2, false],
    [{ status: 'FAILED', limit: 1 }, ['b'], 2, true],
    [{ metadata: { team: true } }, ['a', 'b', 'c'], 3, false],
    [{ metadata: { team: 'c' }, entrypoint: 'run' }, ['c'], 1, false],
  ])('is filtered and cut by the client: %j', async (options, ids, total, truncated) => {
    const { client } = await old();
    const page = await client.listJobs(options);
    expect(idsOf(page)).toEqual(ids);
    expect(page).toMatchObject({ total, truncated, next: undefined });
  });

  it('has no cursors, and is not sent one', async () => {
    const { client, agent } = await old();
    await expect(client.listJobs({ cursor: 'x', limit: 2 })).rejects.toMatchObject({
      ...{ code: 'UNSUPPORTED_BY_SERVER', message: expect.stringContaining('Leave cursor out') },
    });
    expect(agent.requests.filter((request) => request.includes('/jobs/'))).toEqual([]);
  });
});

it.each([
  [{ limit: 0 }, /listJobs: limit must be a whole number from 1 to 10000/],
  [{ limit: 10_001 }, /limit must be/],
  [{ cursor: '' }, /listJobs: cursor must be the next of an earlier Listing/],
  [{ status: [] }, /status must be a string that is not empty, or an array of 1 to 100 of them/],
  [{ status: ['RUNNING', 5] }, /status must be/],
  [{ entrypoint: '' }, /entrypoint must be/],
  [{ metadata: { team: false } }, /metadata.team must be a string, or true for any value/],
  [{ state: 'RUNNING' }, /listJobs has no option "state"/],
])('%j is refused before anything is sent', async (options, message) => {
  const { client, agent } = await agentWith({});
  await expect(client.listJobs(options as ListJobsOptions)).rejects.toThrow(message);
  expect(agent.requests).toEqual([]);
});
