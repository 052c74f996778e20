import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { JobDetails } from '../contracts/job.js';
import { JobStore } from '../local/job-store.js';
import { localDriver } from '../local/local-driver.js';
import { type Harness, makeDirectory, startGateway } from '../testing/gateway-harness.js';
import { rawGet } from '../testing/raw-request.js';

/** A gateway whose store has these jobs, which have ended. */
async function startWith(jobs: { id: string; entrypoint?: string; metadata?: Record<string, string> }[]) {
  const directory = await makeDirectory();
  const store = new JobStore(join(directory, 'jobs.sqlite'));
  store.prepareToWrite();
  for (const { id, entrypoint = 'true', metadata } of jobs) {
    store.insert({
      id,
      submission: { entrypoint, ...(metadata && { metadata }) },
      status: 'SUCCEEDED',
      message: null,
      exitCode: 0,
      startTime: 1,
      endTime: 2,
      process: null,
      stopRequested: false,
    });
  }
  store.close();
  return startGateway({ driver: localDriver({ directory }) });
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `job-${index}` }));

/** The IDs of a list, whatever its form, and what a page says besides. */
async function list(harness: Harness, path: string) {
  const { status, json } = await harness.call('GET', path);
  expect([path, status]).toEqual([path, 200]);
  const { results = json, ...page } = Array.isArray(json) ? { results: json } : json;
  return { ids: results.map((row: JobDetails) => row.job_id), page };
}

test('an old client gets a bare array of all jobs, the newest first, whatever else it asks for', async () => {
  const harness = await startWith(numbered(1_500));
  for (const path of ['/jobs/', '/jobs', '/jobs/?page=2&page_size=5&headers=x&signal=y']) {
    const { status, headers, json } = await harness.call('GET', path);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(json.map((job: JobDetails) => job.job_id)).toEqual(
      numbered(1_500)
        .map(({ id }) => id)
        .toReversed(),
    );
    expect(json[0]).toEqual((await harness.call('GET', '/jobs/job-1499/')).json);
  }
});

test('a page says how many there are and how to go on, until the last one', async () => {
  const harness = await startWith(numbered(7));
  let path = '/jobs/?limit=3&status=SUCCEEDED';
  const pages: unknown[] = [];
  for (;;) {
    const { ids, page } = await list(harness, path);
    pages.push([ids, page.count, page.previous, page.truncated]);
    if (page.next === null) break;
    path = `/jobs/${page.next}`;
    expect(path).toContain('limit=3&status=SUCCEEDED&cursor=');
    await harness.submit('sleep 60');
  }
  expect(pages).toEqual([
    [['job-6', 'job-5', 'job-4'], 7, null, true],
    [['job-3', 'job-2', 'job-1'], 7, null, true],
    [['job-0'], 7, null, false],
  ]);
});

test('jobs are filtered by status, part of the entrypoint and metadata, all of which must hold', async () => {
  const harness = await startWith([
    { id: 'a', entrypoint: 'python train.py', metadata: { team: 'vision', 'a.b=c&d': '1 2' } },
    { id: 'b', entrypoint: 'python TRAIN.py', metadata: { team: 'audio' } },
    { id: 'c', entrypoint: 'echo 100%' },
    { id: 'd', entrypoint: 'python train.py', metadata: JSON.parse('{"__proto__":"x"}') },
  ]);
  const running = await harness.submit('exec sleep 60', { metadata: { team: 'vision' } });
  const idsOf = async (query: Record<string, string> | [string, string][]) =>
    (await list(harness, `/jobs/?${new URLSearchParams(query)}`)).ids;
  expect(await idsOf({ status: 'RUNNING' })).toEqual([running]);
  expect(
    await idsOf([
      ['status', 'RUNNING'],
      ['status', 'SUCCEEDED'],
    ]),
  ).toHaveLength(5);
  expect(await idsOf({ status: 'SUCCEEDE' })).toEqual([]);
  expect(await idsOf({ entrypoint: 'train' })).toEqual(['d', 'a']);
  expect(await idsOf({ entrypoint: '%' })).toEqual(['c']);
  expect(await idsOf({ 'metadata.team': 'vision' })).toEqual([running, 'a']);
  expect(await idsOf({ 'metadata.team': 'vision', status: 'SUCCEEDED', entrypoint: 'py' })).toEqual(['a']);
  expect(await idsOf({ metadata_key: 'team', 'metadata.a.b=c&d': '1 2' })).toEqual(['a']);
  expect(
    await idsOf([
      ['metadata_key', 'team'],
      ['metadata_key', 'a.b=c&d'],
    ]),
  ).toEqual(['a']);
  expect(await idsOf({ metadata_key: '__proto__' })).toEqual(['d']);
  expect(await idsOf({ 'metadata.__proto__': 'x' })).toEqual(['d']);
  expect(await idsOf({ metadata_key: 'toString' })).toEqual([]);
});

test('nodes, tasks and Serve applications have pages and filters too', async () => {
  const harness = await startGateway();
  const job = await harness.submit('sleep 61 & sleep 62; wait');
  const tasksOf = async (query: string) => (await harness.call('GET', `/tasks/?${query}`)).json;
  await expect.poll(async () => (await tasksOf('name=sleep%206')).results.length).toBe(3);
  await expect
    .poll(async () => (await tasksOf('name=sleep%2061&limit=5')).results[0].name)
    .toContain('sleep 61');
  const first = await tasksOf(`limit=2&job_id=${job}&state=RUNNING`);
  expect(first).toMatchObject({ count: 3, truncated: true });
  const second = (await harness.call('GET', `/tasks/${first.next}`)).json;
  expect(second).toMatchObject({ count: 3, truncated: false, next: null });
  const ids = [...first.results, ...second.results].map(({ task_id: id }) => id);
  expect(new Set(ids).size).toBe(3);
  expect(await tasksOf('job_id=another')).toMatchObject({ count: 0, results: [], next: null });
  const nodesOf = async (query: string) => (await harness.call('GET', `/nodes/?${query}`)).json.count;
  expect([await nodesOf('state=ALIVE'), await nodesOf('state=DEAD'), await nodesOf('node_name=%00')]).toEqual(
    [1, 0, 0],
  );
  const applications = await harness.call('GET', '/serve_applications/?status=RUNNING&limit=5');
  expect(applications.json).toEqual({ results: [], count: 0, next: null, previous: null, truncated: false });
});

const otherList = btoa(encodeURIComponent(JSON.stringify(['nodes', [5], []])));
const otherServer = btoa(encodeURIComponent(JSON.stringify(['jobs', [-5, 'a'], []])));

test.each([
  ['limit=0', /limit must be a whole number from 1 to 10000, but is 0/],
  ['limit=10001', /limit must be/],
  ['limit=', /limit must be/],
  ['limit=1e3', /limit must be/],
  ['limit=1&limit=2', /limit must be/],
  ['status=', /status must be/],
  ['entrypoint=a&entrypoint=b', /entrypoint must be/],
  ['metadata.team=a&metadata.team=b', /metadata.team must be/],
  ['cursor=', /cursor must be/],
  ['cursor=x', /cursor is not one of a list of jobs.*next/],
  ['cursor=%00', /cursor is not/],
  [`cursor=${btoa('null')}`, /cursor is not/],
  [`cursor=${btoa('["jobs",[true],[]]')}`, /cursor is not/],
  [`cursor=${otherList}`, /cursor is not/],
  [`cursor=${otherServer}`, /cursor is not/],
])('jobs/?%s is refused with the rule', async (query, detail) => {
  const harness = await startGateway();
  const answer = await harness.call('GET', `/jobs/?${query}`);
  expect([answer.status, answer.json.detail]).toEqual([400, expect.stringMatching(detail)]);
});

test('what each row is compared with is bounded', async () => {
  const harness = await startGateway();
  const detailOf = async (parameters: string[]) =>
    (await harness.call('GET', `/jobs/?${parameters.join('&')}`)).json.detail;
  const statuses = Array.from({ length: 101 }, () => 'status=A');
  const keys = Array.from({ length: 21 }, (_, index) => `metadata_key=${index}`);
  expect(await detailOf(statuses)).toMatch(/an array of 1 to 100/);
  expect(await detailOf(statuses.slice(1))).toBeUndefined();
  expect(await detailOf(keys)).toMatch(/may have 20 entries, but has 21/);
  expect(await detailOf(keys.slice(1))).toBeUndefined();
});

test('a list that fails half-way is broken off, and its owner is told', async () => {
  const driver = localDriver({ directory: await makeDirectory() });
  const error = new Error('the store is gone');
  driver.list = async () => ({
    async *[Symbol.asyncIterator]() {
      for (let index = 0; index < 10; index++) yield { job_id: 'x'.repeat(100_000) } as JobDetails;
      throw error;
    },
  });
  const harness = await startGateway({ driver });
  await expect(harness.call('GET', '/jobs/')).rejects.toThrow(/terminated/);
  expect(harness.events.filter(({ type }) => type === 'error')).toEqual([{ type: 'error', error }]);
});

test('a list whose rows are not all there is a page that says so, for old clients too', async () => {
  const driver = localDriver({ directory: await makeDirectory() });
  const rows = [{ job_id: 'a' } as JobDetails];
  driver.list = async () => Object.assign(rows, { total: 12_000, truncated: true });
  const harness = await startGateway({ driver });
  expect((await harness.call('GET', '/jobs/')).json).toEqual({
    results: [{ job_id: 'a' }],
    ...{ count: 12_000, next: null, previous: null, truncated: true },
  });
});

test('a reader that takes nothing of a list is dropped, and no more rows are made than the system holds', async () => {
  const driver = localDriver({ directory: await makeDirectory() });
  let made = 0;
  const ended = Promise.withResolvers<void>();
  driver.list = async () => ({
    async *[Symbol.asyncIterator]() {
      try {
        for (; made < 5_000; made++) yield { job_id: 'x'.repeat(100_000) } as JobDetails;
      } finally {
        ended.resolve();
      }
    },
  });
  const harness = await startGateway({ driver, stallTimeoutMs: 200 });
  const socket = connect(Number(new URL(harness.gateway.url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.pause();
  socket.write(rawGet('/jobs/', { host: 'localhost' }));
  await ended.promise;
  expect(made).toBeLessThan(500);
});
