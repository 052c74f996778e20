import { jobDetails, sendJson, startServer } from '@raywire/testing';
import { expect, onTestFinished, test } from 'vitest';
import { startGateway } from '../testing/gateway-harness.js';
import { rayDriver } from './ray-driver.js';

/** A gateway in front of a head whose jobs began one after another, the oldest last in its list. */
async function startAtHead(count: number) {
  const where = { driver_agent_http_address: null, driver_node_id: null };
  const jobs = Array.from({ length: count }, (_, index) =>
    jobDetails(`job-${index}`, {
      ...where,
      start_time: 1_000 + index,
      metadata: { parity: index % 2 ? 'odd' : 'even' },
    }),
  );
  const tasks = ['a', 'b', 'c'].map((id) => ({ task_id: id, attempt_number: 0, name: id, state: 'RUNNING' }));
  const release = Promise.withResolvers<void>();
  const head = await startServer(async ({ url }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://head');
    if (pathname === '/api/jobs/') {
      await release.promise;
      sendJson(response, 200, jobs.toReversed());
    } else if (pathname === '/api/v0/tasks') {
      const result = tasks.slice(0, Number(searchParams.get('limit')));
      const counts = { total: 3, num_after_truncation: 3, num_filtered: 3 };
      sendJson(response, 200, { result: true, data: { result: { ...counts, result } } });
    } else if (pathname === '/api/serve/applications/') {
      sendJson(response, 200, { applications: { two: { status: 'RUNNING' }, one: { status: 'DEPLOYING' } } });
    } else response.writeHead(404).end();
  });
  onTestFinished(() => head.close());
  const driver = rayDriver({ address: head.url, token: 'a-token-of-ray' });
  const list = driver.list.bind(driver);
  let lists = 0;
  driver.list = (query) => {
    lists++;
    return list(query);
  };
  const harness = await startGateway({ driver });
  const requestsOf = (path: string) => head.requests.filter(({ url }) => url.startsWith(path)).length;
  return { harness, requestsOf, release: release.resolve, lists: () => lists };
}

test('many lists of jobs at once are two requests to Ray, each cut into pages', async () => {
  const { harness, requestsOf, release, lists } = await startAtHead(40);
  const answers = [harness.call('GET', '/jobs/')];
  await expect.poll(() => requestsOf('/api/jobs/')).toBe(1);
  for (let index = 0; index < 8; index++)
    answers.push(harness.call('GET', '/jobs/?limit=3&metadata.parity=odd'));
  await expect.poll(lists).toBe(9);
  release();
  const [whole, ...pages] = (await Promise.all(answers)).map(({ json }) => json);
  expect(whole).toHaveLength(40);
  expect(whole[0]).not.toHaveProperty('id');
  for (const page of pages) {
    expect(page).toMatchObject({ count: 20, truncated: true });
    expect(page.results.map((job: { submission_id: string }) => job.submission_id)).toEqual([
      'job-39',
      'job-37',
      'job-35',
    ]);
  }
  const next = (await harness.call('GET', `/jobs/${pages[0].next}`)).json;
  expect(next.results.map((job: { job_id: string }) => job.job_id)).toEqual(['job-33', 'job-31', 'job-29']);
  expect(requestsOf('/api/jobs/')).toBe(3);
});

test('a first page of tasks is cut by Ray, and Serve applications are paged here', async () => {
  const { harness, requestsOf, release } = await startAtHead(0);
  release();
  const first = (await harness.call('GET', '/tasks/?limit=2')).json;
  expect(first).toMatchObject({ count: 3, results: [{ task_id: 'a' }, { task_id: 'b' }], truncated: true });
  expect(requestsOf('/api/v0/tasks?limit=2&')).toBe(1);
  const second = (await harness.call('GET', `/tasks/${first.next}`)).json;
  expect(second).toMatchObject({ count: 3, results: [{ task_id: 'c' }], next: null, truncated: false });
  const one = (await harness.call('GET', '/serve_applications/?limit=1')).json;
  expect(one).toMatchObject({ count: 2, results: [{ name: 'one' }] });
  const two = (await harness.call('GET', `/serve_applications/${one.next}`)).json;
  expect(two).toMatchObject({ results: [{ name: 'two' }], next: null });
  const running = (await harness.call('GET', '/serve_applications/?status=RUNNING')).json;
  expect(running.results.map(({ name }: { name: string }) => name)).toEqual(['two']);
  const refused = await harness.call('GET', '/jobs/?cursor=x');
  expect([refused.status, refused.json.detail]).toEqual([400, expect.stringMatching(/cursor is not/)]);
});
