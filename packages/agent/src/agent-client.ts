import { BaseClient, type BaseClientOptions, InvalidArgumentError } from '@raywire/core';
import { assertKnownOptions } from '@raywire/core/internal';
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
    super(wiredOptions(options, new.target.optionNames));
  }
}

/** What the base would take, and a client of agents does not. */
const REFUSED = {
  names: ['backend', 'authenticate', 'refreshOn'],
  why: ', as it speaks to agents; createRayClient of @raywire/ray takes any backend.',
};

function wiredOptions(
  options: AgentClientOptions,
  optionNames: readonly string[],
): BaseClientOptions & RayClientOptions {
  if (typeof options !== 'object' || options === null) {
    throw new InvalidArgumentError({
      message: "new AgentClient takes an object of options, at least { baseURL: 'http://…' }.",
    });
  }
  assertKnownOptions(options, optionNames, 'new AgentClient', REFUSED);
  const { baseURL, agentToken, userToken, tenant } = options;
  return {
    ...options,
    backend: agentBackend({ baseURL, agentToken, userToken, tenant }),
    transports: mergeTransports([webSocketTransport(), httpTransport()], options.transports),
    requester: options.requester ?? undiciRequester,
  };
}
