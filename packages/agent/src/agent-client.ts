import { BaseClient, type BaseClientOptions } from '@raywire/core';
import { readOptions } from '@raywire/core/internal';
import {
  type AgentBackendOptions,
  agentBackend,
  type Constructor,
  mergeTransports,
  type RayClient,
  RayClientMixin,
  type RayClientOptions,
} from '@raywire/ray';
import { AGENT_OPTIONS, FACADE_OPTIONS } from '@raywire/ray/internal';
import { httpTransport, undiciRequester } from '@raywire/transport-http';
import { webSocketTransport } from '@raywire/transport-ws';

/** Options of `AgentClient`. */
export interface AgentClientOptions
  extends AgentBackendOptions,
    Omit<BaseClientOptions, 'baseURL' | 'authenticate' | 'refreshOn'>,
    Omit<RayClientOptions, 'backend'> {}

const AgentClientBase: typeof BaseClient & Constructor<RayClient> =
  /* @__PURE__ */ RayClientMixin(BaseClient);

/**
 * The client of a Synapse agent or a Raywire gateway, with both transports wired in: WebSocket, and HTTP where that
 * fails. Close it when done: `await client.close()`.
 *
 * @example
 * ```ts
 * import { AgentClient } from '@raywire/agent';
 *
 * const client = new AgentClient({ baseURL: 'http://127.0.0.1:8899' }); // agentToken: from RAYWIRE_AGENT_TOKEN
 * for await (const line of client.tailJobLogs('raysubmit_abc123')) console.log(line);
 * await client.close();
 * ```
 */
export class AgentClient extends AgentClientBase {
  /** As in `BaseClient`: a subclass or mixin that takes more options adds their names. */
  static override readonly optionNames: readonly string[] = [
    ...AgentClientBase.optionNames,
    ...['agentToken', 'userToken', 'tenant'],
  ];

  /**
   * Checks the options; nothing is sent before the first call.
   *
   * @param options.transports replace a built-in one by its name, or are added before those of their wire
   * @throws {InvalidArgumentError} for a bad option
   */
  constructor(options: AgentClientOptions) {
    // Taken apart at once, since terser moves `new.target` into functions that it inlines.
    const { optionNames } = new.target;
    super(wiredOptions(options, optionNames));
  }
}

const AGENT_CLIENT_OPTIONS = /* @__PURE__ */ (() => ({ ...FACADE_OPTIONS, ...AGENT_OPTIONS }))();

function wiredOptions(
  options: AgentClientOptions,
  optionNames: readonly string[],
): BaseClientOptions & RayClientOptions {
  const checked = readOptions(AGENT_CLIENT_OPTIONS, options, 'new AgentClient', optionNames);
  const { baseURL, agentToken, userToken, tenant, requester = undiciRequester } = checked;
  return {
    ...checked,
    backend: agentBackend({ baseURL, agentToken, userToken, tenant }),
    transports: mergeTransports([webSocketTransport(), httpTransport()], checked.transports),
    requester,
  };
}
