import type { Listing, Task } from '@raywire/ray';
import { jobDetails, sendJson, startServer } from '@raywire/testing';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DashboardClient } from '../dashboard-client.js';
import type { DashboardListTasksOptions } from './page-options.js';

type Row = Record<string, unknown>;

/** The rows of a list of the State API: filtered without regard to case, sorted by ID, and then cut, as by Ray 2.60. */
function stateAnswer(rows: Row[], query: URLSearchParams, id: string, most = 10_000) {
  const looked = rows.slice(0, most);
  const values = query.getAll('filter_values');
  const predicates = query.getAll('filter_predicates');
  const matching = looked.filter((row) =>
    query.getAll('filter_keys').every((key, index) => {
      const isSame = String(row[key]).toLowerCase() === values[index]?.toLowerCase();
      return isSame === (predicates[index] === '=');
    }),
  );
  const result = matching
    .toSorted((a, b) => (String(a[id]) < String(b[id]) ? -1 : 1))
    .slice(0, Number(query.get('limit')));
  const counts = { total: rows.length, num_after_truncation: looked.length, num_filtered: matching.length };
  return { result: true, data: { result: { ...counts, result } } };
}

async function startCluster(cluster: {
  tasks?: Row[];
  nodes?: Row[];
  jobs?: Row[];
  actors?: Row[];
  most?: number;
}) {
  const { tasks = [], nodes = [], jobs = [], actors = [], most } = cluster;
  const head = await startServer(({ url }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://head');
    if (pathname === '/api/v0/tasks')
      sendJson(response, 200, stateAnswer(tasks, searchParams, 'task_id', most));
    else if (pathname === '/api/v0/nodes')
      sendJson(response, 200, stateAnswer(nodes, searchParams, 'node_id'));
    else if (pathname === '/api/v0/actors')
      sendJson(response, 200, stateAnswer(actors, searchParams, 'actor_id'));
    else if (pathname === '/api/v0/workers')
      sendJson(response, 200, stateAnswer([], searchParams, 'worker_id'));
    else if (pathname === '/api/v0/jobs') sendJson(response, 200, stateAnswer(jobs, searchParams, 'job_id'));
    else if (pathname === '/api/jobs/') sendJson(response, 200, jobs);
    else if (pathname === '/api/serve/applications/')
      sendJson(response, 200, { applications: { b: { status: 'RUNNING' }, a: { status: 'RUNNING' } } });
    else response.writeHead(404).end();
  });
  const client = new DashboardClient({ address: head.url, token: 'a-token-of-ray' });
  onTestFinished(async () => {
    await client.close();
    await head.close();
  });
  const limits = () => head.requests.map(({ url }) => new URL(url, 'http://head').searchParams.get('limit'));
  return { client, head, limits };
}

async function pagesOf<T>(list: (cursor: string | undefined) => Promise<Listing<T>>): Promise<Listing<T>[]> {
  const pages: Listing<T>[] = [];
  do pages.push(await list(pages.at(-1)?.next));
  while (pages.at(-1)?.next !== undefined);
  return pages;
}

const attemptOf = ({ task_id: id, attempt_number: attempt }: Task) => `${id}/${attempt}`;

describe('tasks of a dashboard', () => {
  it('have pages, which joined are the whole list, all attempts included', async () => {
    const task = fc.record({
      task_id: fc.constantFrom('a1', 'a2', 'b', 'c', 'd'),
      attempt_number: fc.nat({ max: 3 }),
      state: fc.constantFrom('RUNNING', 'FAILED', 'FINISHED'),
      name: fc.constantFrom('read', 'write'),
      job_id: fc.constantFrom('01', '02'),
    });
    const tasks = fc.uniqueArray(task, { selector: attemptOf, maxLength: 15 });
    const filters = fc.record(
      {
        state: fc.oneof(fc.constant('RUNNING'), fc.constant(['RUNNING', 'FAILED'])),
        name: fc.constantFrom('r', 'ea'),
        jobId: fc.constant('01'),
      },
      { requiredKeys: [] },
    );
    const there: Row[] = [];
    const { client } = await startCluster({ tasks: there });
    await fc.assert(
      fc.asyncProperty(tasks, filters, fc.integer({ min: 1, max: 5 }), async (all, options, limit) => {
        there.splice(0, there.length, ...all);
        const whole = await client.listTasks(options);
        const pages = await pagesOf((cursor) => client.listTasks({ ...options, limit, cursor }));
        const got = pages.flatMap((page) => page.map(attemptOf));
        expect(got.toSorted()).toEqual(whole.map(attemptOf).toSorted());
        for (const page of pages.slice(0, -1)) expect(page.length).toBe(limit);
      }),
      { numRuns: 40 },
    );
  });

  it('are filtered and cut by Ray where it can, and exactly here where it cannot', async () => {
    const tasks = [
      { task_id: 'c', name: 'load.b', state: 'RUNNING' },
      { task_id: 'a', name: 'load.a', state: 'RUNNING' },
      { task_id: 'b', name: 'save', state: 'running' },
    ];
    const { client, head, limits } = await startCluster({ tasks });
    const idsOf = async (options: DashboardListTasksOptions) =>
      (await client.listTasks(options)).map(({ task_id: id }) => id);
    expect(await idsOf({ state: 'RUNNING', limit: 1 })).toEqual(['a']);
    expect(head.requests.at(-1)?.url).toContain(
      'filter_keys=state&filter_predicates=%3D&filter_values=RUNNING',
    );
    expect(await idsOf({ filters: [['name', '!=', 'save']], limit: 1 })).toEqual(['a']);
    expect(limits()).toEqual(['1', '1']);
    expect(await idsOf({ state: 'RUNNING' })).toEqual(['a', 'c']);
    expect(await idsOf({ name: 'load', limit: 1 })).toEqual(['a']);
    expect(await idsOf({ state: ['FAILED', 'running'] })).toEqual(['b']);
    expect(limits().slice(2)).toEqual(['10000', '10000', '10000']);
  });

  it('say that they are not all when Ray has not looked at all, on the last page too', async () => {
    const tasks = ['a', 'b', 'c', 'd', 'e'].map((task_id) => ({ task_id, name: task_id }));
    const { client } = await startCluster({ tasks, most: 3 });
    const pages = await pagesOf((cursor) => client.listTasks({ limit: 2, cursor }));
    expect(pages.map((page) => page.map(({ task_id: id }) => id))).toEqual([['a', 'b'], ['c']]);
    expect(pages.at(-1)).toMatchObject({
      truncated: true,
      total: 5,
      warnings: [expect.stringContaining('3 of 5 rows')],
    });
    expect(await client.listTasks({ name: 'd' })).toMatchObject({ length: 0, total: 0, truncated: true });
  });
});

it('jobs of a dashboard have pages, the newest first, and filters that Ray lacks', async () => {
  const where = { driver_agent_http_address: null, driver_node_id: null };
  const jobs = [2, 4, 1, 3].map((start_time) =>
    jobDetails(`job-${start_time}`, {
      ...{ ...where, start_time, status: start_time % 2 ? 'FAILED' : 'RUNNING' },
      ...{
        entrypoint: `run ${start_time}`,
        metadata: start_time === 1 ? null : { team: `${start_time % 2}` },
      },
    }),
  );
  const { client, head } = await startCluster({ jobs });
  const pages = await pagesOf((cursor) => client.listJobs({ limit: 3, cursor }));
  expect(pages.map((page) => page.map(({ id }) => id))).toEqual([['job-4', 'job-3', 'job-2'], ['job-1']]);
  expect(pages).toMatchObject([
    { total: 4, truncated: true },
    { total: 4, truncated: false },
  ]);
  expect((await client.listJobs()).map(({ id }) => id)).toEqual(['job-2', 'job-4', 'job-1', 'job-3']);
  expect((await client.listJobs({ metadata: { team: '1' } })).map(({ id }) => id)).toEqual(['job-3']);
  expect((await client.listJobs({ status: 'FAILED', entrypoint: 'run' })).map(({ id }) => id)).toEqual([
    'job-1',
    'job-3',
  ]);
  expect(new Set(head.requests.map(({ url }) => url))).toEqual(new Set(['/api/jobs/']));
  const byState = await client.listJobs({ filters: { status: 'FAILED' }, limit: 1 });
  expect(byState).toMatchObject({ items: [{ id: 'job-3' }], total: 2, truncated: true });
  const rest = await client.listJobs({ filters: { status: 'FAILED' }, cursor: byState.next });
  expect(rest).toMatchObject({ items: [{ id: 'job-1' }], truncated: false });
});

it('actors have pages too, and what has no pages takes no cursor', async () => {
  const actors = ['b', 'c', 'a'].map((actor_id) => ({ actor_id, state: 'ALIVE' }));
  const { client, limits } = await startCluster({ actors });
  const filters = { state: 'ALIVE' };
  const pages = await pagesOf((cursor) => client.listActors({ filters, limit: 2, cursor }));
  expect(pages.map((page) => page.map(({ actor_id: id }) => id))).toEqual([['a', 'b'], ['c']]);
  expect(limits()).toEqual(['2', '10000']);
  await expect(client.listWorkers({ cursor: pages[0]?.next })).rejects.toThrow(
    /not one of a list of workers/,
  );
  await expect(client.listObjects({ cursor: 'x' } as never)).rejects.toThrow(/has no option "cursor"/);
});

it('nodes and Serve applications of a dashboard have pages and filters', async () => {
  const nodes = ['c', 'a', 'b'].map((node_id) => ({
    node_id,
    node_name: `worker-${node_id}`,
    state: 'ALIVE',
  }));
  const { client } = await startCluster({ nodes });
  const pages = await pagesOf((cursor) => client.listNodes({ limit: 2, cursor, state: 'ALIVE' }));
  expect(pages.map((page) => page.map(({ node_id: id, alive }) => [id, alive]))).toEqual([
    [
      ['a', true],
      ['b', true],
    ],
    [['c', true]],
  ]);
  expect((await client.listNodes({ nodeName: 'ker-b' })).map(({ node_id: id }) => id)).toEqual(['b']);
  const applications = await pagesOf((cursor) => client.listServeApplications({ limit: 1, cursor }));
  expect(applications.map(({ items }) => items.map(({ name }) => name))).toEqual([['a'], ['b']]);
  expect((await client.listServeApplications({ name: 'b', status: 'RUNNING' })).length).toBe(1);
});

it.each([
  [{ limit: 1e6 }, /listTasks: limit must be/],
  [{ cursor: 5 }, /cursor must be/],
  [{ filters: 5 }, /filters must be/],
  [{ detail: 1 }, /detail must be/],
  [{ filter: {} }, /has no option "filter": did you mean filters\?/],
  [{ status: 'RUNNING' }, /has no option "status"/],
])('%j is refused before anything is sent', async (options, message) => {
  const { client, head } = await startCluster({});
  await expect(client.listTasks(options as never)).rejects.toThrow(message);
  expect(head.requests).toEqual([]);
});
