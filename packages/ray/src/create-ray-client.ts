import { BaseClient, type BaseClientOptions } from '@raywire/core';
import { readOptions } from '@raywire/core/internal';
import type { RayBackend } from './ray-backend.js';
import type { RayClient } from './ray-client.js';
import { RayClientMixin } from './ray-client-mixin.js';
import { FACADE_OPTIONS, RAY_CLIENT_OPTIONS, type RayClientOptions } from './ray-client-options.js';

/** Options of `createRayClient`. */
export interface CreateRayClientOptions
  extends Omit<BaseClientOptions, 'baseURL' | 'authenticate' | 'refreshOn'>,
    RayClientOptions {
  /** Which server, for example `agentBackend({ baseURL, agentToken })`. */
  backend: RayBackend;
}

/**
 * A client composed by hand: core, network, ray and the transports of your choice.
 *
 * @throws {InvalidArgumentError} for a bad option
 * @example
 * ```ts
 * import { agentBackend, createRayClient } from '@raywire/ray';
 * import { httpTransport } from '@raywire/transport-http';
 *
 * const client = createRayClient({
 *   backend: agentBackend({ baseURL: 'http://127.0.0.1:8899' }),
 *   transports: [httpTransport()],
 * });
 * ```
 */
export function createRayClient(options: CreateRayClientOptions): RayClient & BaseClient {
  const checked = readOptions(COMPOSED_OPTIONS, options, 'createRayClient');
  return new ComposedClient({ ...checked, baseURL: checked.backend.endpoint.baseURL });
}

const COMPOSED_OPTIONS = /* @__PURE__ */ (() => ({
  ...FACADE_OPTIONS,
  backend: RAY_CLIENT_OPTIONS.backend,
}))();

const ComposedClient: ReturnType<typeof composedClient> = /* @__PURE__ */ composedClient();

function composedClient() {
  return RayClientMixin(BaseClient);
}
