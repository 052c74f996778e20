import { BaseClient, type BaseClientOptions } from '@raywire/core';
import {
  type AgentBackendOptions,
  agentBackend,
  type Constructor,
  mergeTransports,
  type RayClient,
  RayClientMixin,
  type RayClientOptions,
} from '@raywire/ray';
import { httpTransport, undiciRequester } from '@raywire/transport-http';
import { webSocketTransport } from '@raywire/transport-ws';

/** Options of `AgentClient`. */
export interface AgentClientOptions
  extends AgentBackendOptions,
    Omit<BaseClientOptions, 'baseURL' | 'authenticate'>,
    Omit<RayClientOptions, 'backend'> {}

const AgentClientBase: typeof BaseClient & Constructor<RayClient> =
  /* @__PURE__ */ RayClientMixin(BaseClient);

/**
 * The client of a Synapse agent or a Raywire gateway, with both transports wired in: WebSocket, and HTTP where that
 * fails. Close it when done: `await client.close()`.
 *
 * @example
 * ```ts
 * const client = new AgentClient({ baseURL: 'http://127.0.0.1:8899' }); // agentToken: from RAYWIRE_AGENT_TOKEN
 * for await (const line of client.tailJobLogs('raysubmit_abc123')) console.log(line);
 * await client.close();
 * ```
 */
export class AgentClient extends AgentClientBase {
  /**
   * @param options.transports replace a built-in one by its name, or are added before those of their wire
   * @throws {InvalidArgumentError} for a bad option, before anything is sent
   */
  constructor(options: AgentClientOptions) {
    super({
      ...options,
      backend: agentBackend(options),
      transports: mergeTransports([webSocketTransport(), httpTransport()], options?.transports),
      requester: options.requester ?? undiciRequester,
    } as BaseClientOptions);
  }
}
