import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JobQuery } from '@raywire/ray';
import {
  type CursorList,
  conditionsOf,
  decodeListCursor,
  encodeListCursor,
  meetsAll,
} from '@raywire/ray/internal';
import type { Rows } from '../contracts/cluster-state.js';
import type { JobDetails } from '../contracts/job.js';
import type { JobRecords } from './job-records.js';
import type { JobRecord } from './job-store.js';

/** Jobs are looked at in steps, between which other requests have their turn: so many at first, and at most so many. */
const STEP = { first: 250, most: 4_000 };
/** A step is to take no longer. Long values of metadata that begin alike make it slow. */
const STEP_MS = 4;

/** By their places, which are never negative; the newest first. */
const PLACES: CursorList = { list: 'jobs', shape: ['number'] };

/**
 * The jobs that a query asks for, the newest first. Their places are found now, in steps; the jobs are read while they
 * are sent.
 *
 * @throws {InvalidArgumentError} when the cursor is not one of these lists
 */
export async function listJobs(
  records: () => JobRecords,
  query: JobQuery,
  toDetails: (record: JobRecord) => JobDetails,
): Promise<Rows<JobDetails>> {
  const { cursor, limit = Number.POSITIVE_INFINITY } = query;
  const conditions = conditionsOf(query);
  const after = cursor === undefined ? undefined : decodeListCursor(PLACES, cursor).after;
  const end = after === undefined ? Number.POSITIVE_INFINITY : Number(after[0]);
  const places: number[] = [];
  let total = 0;
  let hasMore = false;
  let step = STEP.first;
  for (let below = records().newest() + 1; below > 0; ) {
    const start = performance.now();
    const from = below - step;
    for (const place of records().find(conditions, { from, below })) {
      total++;
      if (place >= end) continue;
      if (places.length < limit) places.push(place);
      else hasMore = true;
    }
    below = from;
    step = performance.now() - start > STEP_MS ? Math.ceil(step / 2) : Math.min(step * 2, STEP.most);
    await nextTurn();
  }
  const last = places.at(-1);
  const next =
    hasMore && last !== undefined ? encodeListCursor(PLACES, { after: [last], seen: [] }) : undefined;
  async function* read(): AsyncGenerator<JobDetails, void, void> {
    for (const place of places) {
      const record = records().at(place);
      const job = record && toDetails(record);
      // In the meantime it may have been deleted, or have changed its status.
      if (job !== undefined && meetsAll(job, conditions)) yield job;
    }
  }
  return { total, next, truncated: hasMore, [Symbol.asyncIterator]: read };
}
