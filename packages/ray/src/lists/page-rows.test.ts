import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Task } from '../resources/task.js';
import { JOB_ORDER, TASK_ORDER } from './list-orders.js';
import { pageRows } from './page-rows.js';

const task = fc.record({
  task_id: fc.constantFrom('', 'a', 'b', 'c', '\ud800', 'é', '日本'),
  attempt_number: fc.nat({ max: 3 }),
  state: fc.constantFrom('RUNNING', 'FAILED', 'FINISHED'),
  name: fc.constantFrom('read', 'Read', 'write'),
});
const identityOf = ({ task_id: id, attempt_number: attempt }: { task_id: string; attempt_number?: number }) =>
  `${id}/${attempt}`;
const tasks = fc.uniqueArray(task, { selector: identityOf, maxLength: 25 });

test('the pages of rows hold each that was there from the first page on, once, in whatever order a server sends them', () => {
  const property = fc.property(
    tasks,
    fc.integer({ min: 1, max: 6 }),
    fc.record(
      { state: fc.subarray(['RUNNING', 'FAILED'], { minLength: 1 }), name: fc.constantFrom('r', 'R') },
      { requiredKeys: [] },
    ),
    fc.infiniteStream(fc.nat()),
    (all, limit, filters, random) => {
      const wanted = pageRows({ items: all }, filters, TASK_ORDER);
      expect(wanted).toMatchObject({ total: wanted.length, truncated: false, next: undefined });
      const there: Task[] = all.slice();
      const got: string[] = [];
      let cursor: string | undefined;
      do {
        // Another order at each page, and a row more.
        const keyed = there.map((row) => [random.next().value ?? 0, row] as const);
        const items = keyed.toSorted(([a], [b]) => a - b).map(([, row]) => row);
        const page = pageRows({ items }, { ...filters, limit, cursor }, TASK_ORDER);
        expect(page.length).toBeLessThanOrEqual(limit);
        expect(page.truncated).toBe(page.next !== undefined);
        got.push(...page.map(identityOf));
        cursor = page.next;
        const [id] = ['a', 'b', 'zz'].slice((random.next().value ?? 0) % 3);
        there.push({ task_id: `${id}+`, attempt_number: there.length + 10, state: 'RUNNING', name: 'read' });
      } while (cursor !== undefined && there.length < 500);
      expect(new Set(got).size).toBe(got.length);
      expect(got.filter((identity) => wanted.items.map(identityOf).includes(identity)).toSorted()).toEqual(
        wanted.items.map(identityOf).toSorted(),
      );
    },
  );
  fc.assert(property);
});

test('jobs are paged from the newest, and those that come meanwhile are on no later page', () => {
  const jobs = [3, 1, 2, 2].map((start_time, index) => ({
    id: `job-${index}`,
    job_id: null,
    status: 'RUNNING',
    start_time,
  }));
  const first = pageRows({ items: jobs }, { limit: 2 }, JOB_ORDER);
  expect(first.map(({ id }) => id)).toEqual(['job-0', 'job-2']);
  const newer = { id: 'job-9', job_id: null, status: 'RUNNING', start_time: 9 };
  const second = pageRows({ items: [newer, ...jobs] }, { cursor: first.next }, JOB_ORDER);
  expect(second.map(({ id }) => id)).toEqual(['job-3', 'job-1']);
  expect(second).toMatchObject({ total: 5, truncated: false, next: undefined });
});

test('what a server has left out is said, and gone on with where that helps', () => {
  const items = ['a', 'b'].map((task_id) => ({ task_id }));
  const cut = { items, unseen: 3, truncated: true };
  expect(pageRows({ ...cut, more: true }, { limit: 2 }, TASK_ORDER)).toMatchObject({
    total: 5,
    next: expect.any(String),
  });
  expect(pageRows(cut, { limit: 2 }, TASK_ORDER)).toMatchObject({
    total: 5,
    next: undefined,
    truncated: true,
  });
  expect(pageRows(cut, {}, TASK_ORDER)).toMatchObject({ total: 5, truncated: true });
});

test('a cursor of another list, of another server or of nobody is refused with what to pass', () => {
  const { next } = pageRows({ items: [{ task_id: 'a' }, { task_id: 'b' }] }, { limit: 1 }, TASK_ORDER);
  const local = btoa(encodeURIComponent('["jobs",[5],[]]'));
  for (const cursor of [next, local, 'x', '%', btoa('{}'), btoa('["jobs",[null,"a"],[]]')]) {
    expect(() => pageRows({ items: [] }, { cursor }, JOB_ORDER)).toThrow(
      'cursor is not one of a list of jobs. Pass the next of an earlier Listing of the same list, as it was.',
    );
  }
});
