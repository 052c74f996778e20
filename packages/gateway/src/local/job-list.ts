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

/** How many jobs are looked at before other requests have their turn: a millisecond or two. */
const STEP = 2_000;

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
  for (let below = records().newest() + 1; below > 0; below -= STEP) {
    for (const place of records().find(conditions, { from: below - STEP, below })) {
      total++;
      if (place >= end) continue;
      if (places.length < limit) places.push(place);
      else hasMore = true;
    }
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
