import type { BaseClient } from '@raywire/core';
import type { RayOperations } from '@raywire/ray';
import type { ClusterState, StateRow, StateRows } from '../contracts/cluster-state.js';

/** What Ray's dashboard tells of the cluster. */
export class RayClusterState implements ClusterState {
  readonly #client: BaseClient;
  readonly #operations: RayOperations;

  constructor(client: BaseClient, operations: RayOperations) {
    this.#client = client;
    this.#operations = operations;
  }

  nodes(): Promise<StateRows> {
    return this.#operations.listNodes(this.#client, {});
  }

  async tasks(filter?: { taskId?: string }): Promise<StateRows> {
    if (filter?.taskId === undefined) return this.#operations.listTasks(this.#client, {});
    return [await this.#operations.getTask(this.#client, filter.taskId, {})];
  }

  gpuStatus(): Promise<StateRow> {
    return this.#operations.getGpuStatus(this.#client, {});
  }

  async serveApplications(): Promise<StateRow[]> {
    return [...(await this.#operations.listServeApplications(this.#client, {}))];
  }

  deleteServeApplication(name: string): Promise<void> {
    return this.#operations.deleteServeApplication(this.#client, name, {});
  }
}
