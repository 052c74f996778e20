import type { NodeQuery, ServeApplicationQuery, TaskQuery } from '@raywire/ray';

/** A row of the cluster's state: one field is its ID, the others pass through as the driver knows them. */
export type StateRow = object;

/** Rows of one list: an array, or an iterable that is read while it is sent, no faster than the reader takes it. */
export type Rows<Row extends object> = (Iterable<Row> | AsyncIterable<Row>) & {
  /** How many there are on all pages. Default: as many as come. */
  readonly total?: number;
  /** The cursor of the next page; `undefined` after the last one. */
  readonly next?: string | undefined;
  /** There are more rows than these: on later pages, or rows that cannot be had. Default false. */
  readonly truncated?: boolean;
};

/** Rows of the cluster's state. */
export type StateRows = Rows<StateRow>;

/** What can be seen of the machines behind a driver. A query that is given holds: `pageRows` does it for an array. */
export interface ClusterState {
  /** Rows with `node_id`, `state` and `alive`. */
  nodes(query?: NodeQuery): Promise<StateRows>;
  /** Rows with `task_id`, `name`, `state` and `job_id`. */
  tasks(query?: TaskQuery & { taskId?: string | undefined }): Promise<StateRows>;
  /** What `gpu_status/` answers, in the driver's own form. */
  gpuStatus(): Promise<StateRow>;
  /** Rows with `name` and `status`. */
  serveApplications(query?: ServeApplicationQuery): Promise<StateRows>;
  /** @throws {NotFoundError} when no application has that name */
  deleteServeApplication(name: string): Promise<void>;
}
