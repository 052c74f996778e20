import type { CallOptions } from '@raywire/core';
import {
  CALL_OPTIONS,
  checkedBy,
  count,
  kind,
  type OptionTable,
  recordOf,
  refuseOption,
  text,
} from '@raywire/core/internal';
import type {
  ListJobsOptions,
  ListNodesOptions,
  ListServeApplicationsOptions,
  ListTasksOptions,
  PageQuery,
} from './list-queries.js';

/** The rows of the largest page. Ray's State API has the same maximum. */
const MAX_PAGE_ROWS = 10_000;

/** The table of a list without filters. */
export const PAGE_OPTIONS: OptionTable<CallOptions & PageQuery> =
  /* @__PURE__ */ ((): typeof PAGE_OPTIONS => ({
    ...CALL_OPTIONS,
    limit: count({ max: MAX_PAGE_ROWS }),
    cursor: text('the next of an earlier Listing'),
  }))();

/** What a server has to compare each row with is bounded. */
const MAX_VALUES = 100;
const MAX_ENTRIES = 20;

const ANY_OF = kind<string | readonly string[]>(
  `a string that is not empty, or an array of 1 to ${MAX_VALUES} of them`,
  (value) =>
    Array.isArray(value)
      ? value.length > 0 && value.length <= MAX_VALUES && value.every(isText)
      : isText(value),
);
const PART = text('a string that is not empty');
const ENTRY = kind<string | true>(
  'a string, or true for any value',
  (value) => value === true || typeof value === 'string',
);

/** The table of `ListJobsOptions`. */
export const LIST_JOBS_OPTIONS: OptionTable<ListJobsOptions> =
  /* @__PURE__ */ ((): typeof LIST_JOBS_OPTIONS => ({
    ...PAGE_OPTIONS,
    status: ANY_OF,
    entrypoint: PART,
    metadata: checkedBy((value, place) => {
      const entries = recordOf(ENTRY).check(value, place);
      const count = Object.keys(entries).length;
      if (count > MAX_ENTRIES) refuseOption(`${place} may have ${MAX_ENTRIES} entries, but has ${count}.`);
      return entries;
    }),
  }))();

/** The table of `ListNodesOptions`. */
export const LIST_NODES_OPTIONS: OptionTable<ListNodesOptions> =
  /* @__PURE__ */ ((): typeof LIST_NODES_OPTIONS => ({ ...PAGE_OPTIONS, state: ANY_OF, nodeName: PART }))();

/** The table of `ListTasksOptions`. */
export const LIST_TASKS_OPTIONS: OptionTable<ListTasksOptions> =
  /* @__PURE__ */ ((): typeof LIST_TASKS_OPTIONS => ({
    ...PAGE_OPTIONS,
    state: ANY_OF,
    name: PART,
    jobId: ANY_OF,
  }))();

/** The table of `ListServeApplicationsOptions`. */
export const LIST_SERVE_APPLICATIONS_OPTIONS: OptionTable<ListServeApplicationsOptions> =
  /* @__PURE__ */ ((): typeof LIST_SERVE_APPLICATIONS_OPTIONS => ({
    ...PAGE_OPTIONS,
    status: ANY_OF,
    name: PART,
  }))();

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
