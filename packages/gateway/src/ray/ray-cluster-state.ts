import type { BaseClient } from '@raywire/core';
import type { RayOperations } from '@raywire/ray';
import type { ClusterState, StateRow } from '../job-driver.js';

/** What Ray's dashboard tells of the cluster. */
export class RayClusterState implements ClusterState {
  readonly #client: BaseClient;
  readonly #operations: RayOperations;

  constructor(client: BaseClient, operations: RayOperations) {
    this.#client = client;
    this.#operations = operations;
  }

  async nodes(): Promise<StateRow[]> {
    return [...(await this.#operations.listNodes(this.#client, {}))];
  }

  async tasks(filter?: { taskId?: string }): Promise<StateRow[]> {
    if (filter?.taskId === undefined) return [...(await this.#operations.listTasks(this.#client, {}))];
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
