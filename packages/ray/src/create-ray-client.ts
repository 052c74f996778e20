import { BaseClient, type BaseClientOptions, InvalidArgumentError } from '@raywire/core';
import { assertKnownOptions } from '@raywire/core/internal';
import type { RayBackend } from './ray-backend.js';
import type { RayClient } from './ray-client.js';
import { RayClientMixin, type RayClientOptions } from './ray-client-mixin.js';

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
  const baseURL = options?.backend?.endpoint?.baseURL;
  if (baseURL === undefined) {
    throw new InvalidArgumentError({
      message:
        'createRayClient takes { backend, transports }: say backend: agentBackend({ baseURL, agentToken }).',
    });
  }
  assertKnownOptions(options, ComposedClient.optionNames, 'createRayClient', REFUSED);
  return new ComposedClient({ ...options, baseURL });
}

/** What belongs to the backend. */
const REFUSED = {
  names: ['baseURL', 'agentToken', 'userToken', 'tenant', 'authenticate', 'refreshOn'],
  why: ': where the server is, and who asks, is told to the backend, as in agentBackend({ baseURL, agentToken }).',
};

const ComposedClient: ReturnType<typeof composedClient> = /* @__PURE__ */ composedClient();

function composedClient() {
  return RayClientMixin(BaseClient);
}
