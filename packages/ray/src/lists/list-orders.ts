import type { Job } from '../resources/job.js';
import type { Node } from '../resources/node.js';
import type { ServeApplication } from '../resources/serve-application.js';
import type { Task } from '../resources/task.js';
import type { ListOrder } from './page-rows.js';

/** The newest first. */
export const JOB_ORDER: ListOrder<Job> = {
  list: 'jobs',
  shape: ['number', 'string'],
  key: ({ start_time: start, id }) => [-(start ?? 0), id],
};

/** By ID. */
export const NODE_ORDER: ListOrder<Node> = {
  list: 'nodes',
  shape: ['string'],
  key: ({ node_id: id }) => [id],
};

/** By ID, in which order Ray cuts its list too; the attempts of one task in any order. */
export const TASK_ORDER: ListOrder<Task> = {
  list: 'tasks',
  shape: ['string'],
  key: ({ task_id: id }) => [id],
  tie: ({ attempt_number: attempt }) => attempt ?? 0,
};

/** By name. */
export const SERVE_APPLICATION_ORDER: ListOrder<ServeApplication> = {
  list: 'Serve applications',
  shape: ['string'],
  key: ({ name }) => [name],
};
