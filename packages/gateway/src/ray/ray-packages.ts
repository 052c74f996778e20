import { type ApiClient, NotFoundError } from '@raywire/core';
import type { PackageStore } from '../contracts/package-store.js';

/** How long an upload may take on its way to the cluster, in milliseconds. */
const UPLOAD_MS = 300_000;

/** Packages go straight on to the cluster, which keeps them in its control store. */
export class RayPackages implements PackageStore {
  readonly #client: ApiClient;

  constructor(client: ApiClient) {
    this.#client = client;
  }

  async has(name: string): Promise<boolean> {
    try {
      // Ray then keeps it for ten minutes at least.
      await this.#client.request({ path: pathOf(name), expect: 'none' });
      return true;
    } catch (error) {
      if (NotFoundError.isInstance(error)) return false;
      throw error;
    }
  }

  async put(name: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    await this.#client.request({
      method: 'PUT',
      path: pathOf(name),
      body: content,
      timeoutMs: UPLOAD_MS,
      expect: 'none',
      headers: { 'content-type': 'application/octet-stream' },
    });
  }
}

function pathOf(name: string): string {
  return `api/packages/gcs/${name}`;
}
