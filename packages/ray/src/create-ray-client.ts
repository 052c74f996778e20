import { BaseClient, type BaseClientOptions } from '@raywire/core';
import {
  BASE_CLIENT_OPTIONS,
  type OptionTable,
  type RefusedOptions,
  readOptions,
  refused,
  required,
} from '@raywire/core/internal';
import type { RayBackend } from './ray-backend.js';
import type { RayClient } from './ray-client.js';
import { RayClientMixin, type RayClientOptions } from './ray-client-mixin.js';
import { RAY_CLIENT_OPTIONS } from './ray-client-options.js';

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
  const checked = readOptions(composedOptions(), options, 'createRayClient');
  return new ComposedClient({ ...checked, baseURL: checked.backend.endpoint.baseURL });
}

// Not a constant: bundlers would keep it for those who do not compose a client.
function composedOptions() {
  const ofBackend = refused(
    'the backend says where the server is and who asks, as in agentBackend({ baseURL, agentToken }).',
  );
  return {
    ...BASE_CLIENT_OPTIONS,
    ...RAY_CLIENT_OPTIONS,
    backend: required(RAY_CLIENT_OPTIONS.backend),
    baseURL: ofBackend,
    authenticate: ofBackend,
    refreshOn: ofBackend,
    agentToken: ofBackend,
    userToken: ofBackend,
    tenant: ofBackend,
  } satisfies OptionTable<
    CreateRayClientOptions &
      RefusedOptions<'baseURL' | 'authenticate' | 'refreshOn' | 'agentToken' | 'userToken' | 'tenant'>
  >;
}

const ComposedClient: ReturnType<typeof composedClient> = /* @__PURE__ */ composedClient();

function composedClient() {
  return RayClientMixin(BaseClient);
}
