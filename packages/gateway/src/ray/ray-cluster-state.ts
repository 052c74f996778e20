import type { BaseClient } from '@raywire/core';
import type { NodeQuery, RayOperations, ServeApplicationQuery, TaskQuery } from '@raywire/ray';
import type { ClusterState, StateRow, StateRows } from '../contracts/cluster-state.js';

/** What Ray's dashboard tells of the cluster. */
export class RayClusterState implements ClusterState {
  readonly #client: BaseClient;
  readonly #operations: RayOperations;

  constructor(client: BaseClient, operations: RayOperations) {
    this.#client = client;
    this.#operations = operations;
  }

  nodes(query: NodeQuery = {}): Promise<StateRows> {
    return this.#operations.listNodes(this.#client, query);
  }

  async tasks({ taskId, ...query }: TaskQuery & { taskId?: string | undefined } = {}): Promise<StateRows> {
    if (taskId === undefined) return this.#operations.listTasks(this.#client, query);
    return [await this.#operations.getTask(this.#client, taskId, {})];
  }

  gpuStatus(): Promise<StateRow> {
    return this.#operations.getGpuStatus(this.#client, {});
  }

  serveApplications(query: ServeApplicationQuery = {}): Promise<StateRows> {
    return this.#operations.listServeApplications(this.#client, query);
  }

  deleteServeApplication(name: string): Promise<void> {
    return this.#operations.deleteServeApplication(this.#client, name, {});
  }
}
