import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { JobQuery } from '@raywire/ray';
import { conditionsOf, meetsAll } from '@raywire/ray/internal';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { JobDetails, JobSubmission } from '../contracts/job.js';
import { makeDirectory } from '../testing/gateway-harness.js';
import { listJobs } from './job-list.js';
import { JobRecords } from './job-records.js';
import { type JobRecord, JobStore } from './job-store.js';

const STATUSES = ['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'STOPPED'] as const;
/** Longer than what is indexed of a value. */
const LONG = 'é'.repeat(80);

function makeRecord(
  id: string,
  fields: Partial<JobSubmission> & { status?: JobRecord['status'] } = {},
): JobRecord {
  const { status = 'RUNNING', ...submission } = fields;
  return {
    id,
    submission: { entrypoint: 'python a.py', ...submission },
    status,
    message: null,
    exitCode: null,
    startTime: 1,
    endTime: null,
    process: null,
    stopRequested: false,
  };
}

const toDetails = ({ id, status, submission }: JobRecord): JobDetails =>
  ({ job_id: id, status, metadata: {}, ...submission }) as JobDetails;

async function openRecords(Store: typeof JobStore = JobStore): Promise<JobRecords> {
  const path = join(await makeDirectory(), 'jobs.sqlite');
  const records = new JobRecords(
    () => new Store(path),
    () => undefined,
  );
  onTestFinished(() => records.close());
  return records;
}

async function idsOf(records: JobRecords, query: JobQuery = {}) {
  const list = await listJobs(() => records, query, toDetails);
  const ids: string[] = [];
  for await (const { job_id: id } of list) ids.push(id);
  const { total, next, truncated } = list;
  return { ids, total, next, truncated };
}

const part = fc.constantFrom('a', 'A', 'b%', '_', "'", 'ü', LONG);
const metadata = fc.dictionary(fc.constantFrom('team', '__proto__', 'k"e\'y', 'ключ', 'a.b'), part, {
  maxKeys: 3,
});
const submission = fc.record({
  entrypoint: fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
  metadata,
  status: fc.constantFrom(...STATUSES),
});
const filters = fc.record(
  {
    status: fc.oneof(fc.constantFrom(...STATUSES), fc.subarray([...STATUSES], { minLength: 1 })),
    entrypoint: part,
    metadata: fc.dictionary(
      fc.constantFrom('team', '__proto__', 'k"e\'y'),
      fc.oneof(part, fc.constant(true as const)),
      {
        maxKeys: 2,
      },
    ),
  },
  { requiredKeys: [] },
);

test('the pages of any query hold each of its jobs once, the newest first, while others come and go', async () => {
  const records = await openRecords();
  let made = 0;
  const property = fc.asyncProperty(
    fc.array(submission, { maxLength: 30 }),
    filters,
    fc.integer({ min: 1, max: 7 }),
    fc.infiniteStream(fc.boolean()),
    async (jobs, query, limit, deletes) => {
      const before = jobs.map((fields) => makeRecord(`job-${made++}`, fields));
      for (const record of before) expect(records.insert(record)).toBe(true);
      const meets = (record: JobRecord) => meetsAll(toDetails(record), conditionsOf(query));
      const wanted = before.filter(meets).map(({ id }) => id);
      expect(await idsOf(records, query)).toEqual({
        ids: wanted.toReversed(),
        total: wanted.length,
        truncated: false,
      });
      const extra: string[] = [];
      const got: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await idsOf(records, { ...query, limit, cursor });
        expect(page.ids.length).toBeLessThanOrEqual(limit);
        expect(page.truncated).toBe(page.next !== undefined);
        got.push(...page.ids);
        cursor = page.next;
        if (deletes.next().value && extra.length > 0) records.delete(extra.pop() as string);
        const came = makeRecord(`job-${made++}`, { status: 'RUNNING', metadata: { team: 'a' } });
        records.insert(came);
        extra.push(came.id);
      } while (cursor !== undefined);
      expect(got).toEqual(wanted.toReversed());
      for (const id of [...before.map(({ id }) => id), ...extra]) records.delete(id);
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

test('many jobs are searched in steps, with turns for others in between', async () => {
  const records = await openRecords();
  for (let index = 0; index < 4_500; index++) {
    records.insert(makeRecord(`job-${index}`, { status: index % 1_000 === 0 ? 'FAILED' : 'SUCCEEDED' }));
  }
  const failed = { status: 'FAILED', limit: 2 } as const;
  const first = await idsOf(records, failed);
  expect(first).toMatchObject({ ids: ['job-4000', 'job-3000'], total: 5, truncated: true });
  const second = await idsOf(records, { ...failed, cursor: first.next });
  expect(second).toMatchObject({ ids: ['job-2000', 'job-1000'], total: 5, truncated: true });
  expect(await idsOf(records, { ...failed, cursor: second.next })).toMatchObject({
    ids: ['job-0'],
    truncated: false,
  });
  let turns = 0;
  const takeTurns = () => {
    turns++;
    turn = setImmediate(takeTurns);
  };
  let turn = setImmediate(takeTurns);
  const { total } = await listJobs(() => records, {}, toDetails);
  clearImmediate(turn);
  expect(total).toBe(4_500);
  expect(turns).toBeGreaterThanOrEqual(2);
});

test('a status that the store has refused counts, not the one that it holds', async () => {
  let isFull = true;
  const records = await openRecords(
    class extends JobStore {
      override save(record: JobRecord): void {
        if (isFull) throw new Error('database or disk is full');
        super.save(record);
      }
    },
  );
  for (const id of ['a', 'b-2', 'c_3']) records.insert(makeRecord(id));
  records.change('b-2', { status: 'FAILED' });
  expect((await idsOf(records, { status: 'RUNNING' })).ids).toEqual(['c_3', 'a']);
  expect((await idsOf(records, { status: ['FAILED', 'STOPPED'] })).ids).toEqual(['b-2']);
  isFull = false;
});

test('a job that ends or is deleted while its list is sent is not in a list of running ones', async () => {
  const records = await openRecords();
  for (const id of ['a', 'b', 'c']) records.insert(makeRecord(id));
  const list = await listJobs(() => records, { status: 'RUNNING' }, toDetails);
  records.change('a', { status: 'SUCCEEDED' });
  records.delete('b');
  const ids: string[] = [];
  for await (const { job_id: id } of list) ids.push(id);
  expect(ids).toEqual(['c']);
});

test('jobs of a store that was made before there was an index of metadata are found by it', async () => {
  const path = join(await makeDirectory(), 'jobs.sqlite');
  const first = new JobStore(path);
  first.prepareToWrite();
  first.insert(makeRecord('with', { metadata: { team: LONG } }));
  first.insert(makeRecord('without'));
  first.close();
  const database = new DatabaseSync(path);
  database.exec(`DROP TRIGGER job_metadata_added; DROP TRIGGER job_metadata_removed;
    DROP INDEX jobs_to_list; DROP TABLE job_metadata;`);
  database.close();
  const records = new JobRecords(
    () => new JobStore(path),
    () => undefined,
  );
  onTestFinished(() => records.close());
  expect((await idsOf(records, { metadata: { team: LONG } })).ids).toEqual(['with']);
  expect((await idsOf(records, { metadata: { team: true } })).ids).toEqual(['with']);
});
