import type { CallOptions } from '@raywire/core';
import { CALL_OPTIONS, count, kind, type OptionTable, recordOf, text } from '@raywire/core/internal';
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

const ANY_OF = kind<string | readonly string[]>('a string that is not empty, or an array of them', (value) =>
  Array.isArray(value) ? value.length > 0 && value.every(isText) : isText(value),
);
const PART = text('a string that is not empty');

/** The table of `ListJobsOptions`. */
export const LIST_JOBS_OPTIONS: OptionTable<ListJobsOptions> =
  /* @__PURE__ */ ((): typeof LIST_JOBS_OPTIONS => ({
    ...PAGE_OPTIONS,
    status: ANY_OF,
    entrypoint: PART,
    metadata: recordOf(
      kind('a string, or true for any value', (value) => value === true || typeof value === 'string'),
    ),
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
