/** A row of the cluster's state: one field is its ID, the others pass through as the driver knows them. */
export type StateRow = object;

/** Rows, and how many there are in all where that is more: a list that was cut short. */
export type StateRows = Iterable<StateRow> & { readonly total?: number };

/** What can be seen of the machines behind a driver. */
export interface ClusterState {
  /** Rows with `node_id`, `state` and `alive`. */
  nodes(): Promise<StateRows>;
  /** Rows with `task_id`, `name`, `state` and `job_id`. */
  tasks(filter?: { taskId?: string }): Promise<StateRows>;
  /** What `gpu_status/` answers, in the driver's own form. */
  gpuStatus(): Promise<StateRow>;
  /** Rows with `name` and `status`. */
  serveApplications(): Promise<StateRow[]>;
  /** @throws {NotFoundError} when no application has that name */
  deleteServeApplication(name: string): Promise<void>;
}
