import {
  baseURLOption,
  type OptionTable,
  orFunction,
  type RefusedOptions,
  readOptions,
  refused,
  secret,
} from '@raywire/core/internal';
import { readEnvironment } from '#environment';
import type { RayBackend, RayEndpoint } from '../ray-backend.js';
import { type Token, tokenSource } from '../token.js';
import { AgentCapabilities } from './agent-capabilities.js';
import { agentLogSources } from './agent-log-sources.js';
import { lookForAgent } from './agent-look.js';
import { agentOperations } from './agent-operations.js';

/** Where an agent is, and who asks. */
export interface AgentBackendOptions {
  /** For example `http://127.0.0.1:8899`; a path prefix is kept. No credentials, query or fragment. */
  baseURL: string;
  /** Sent bare as `Authorization`. Default: the environment's `RAYWIRE_AGENT_TOKEN`; without one, nothing is sent. */
  agentToken?: Token | undefined;
  /** Sent as `SYNAPSE-User: Token …`. */
  userToken?: Token | undefined;
  /** Sent as `SYNAPSE-Tenant: Token …`. */
  tenant?: Token | undefined;
}

const TOKEN_VARIABLE = 'RAYWIRE_AGENT_TOKEN';

const TOKEN = secret(
  'a non-empty string of visible ASCII characters',
  /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/,
);

/** The table of `AgentBackendOptions`. */
export const AGENT_OPTIONS: OptionTable<AgentBackendOptions & RefusedOptions<'address' | 'token'>> = {
  baseURL: baseURLOption(),
  agentToken: orFunction(TOKEN),
  userToken: orFunction(TOKEN),
  tenant: orFunction(TOKEN),
  address: refused('it is called baseURL here.'),
  token: refused('it is called agentToken here.'),
};

/**
 * The agent protocol: a Synapse agent, or a Raywire gateway, whose additions are used when it says that it has them.
 *
 * @throws {InvalidArgumentError} for a bad option
 */
export function agentBackend(options: AgentBackendOptions): RayBackend {
  const { baseURL, ...tokens } = readOptions(AGENT_OPTIONS, options, 'agentBackend');
  const capabilities = new AgentCapabilities();
  return {
    contractVersion: 1,
    name: 'agent',
    endpoint: { baseURL, ...authentication(tokens) },
    operations: agentOperations(capabilities),
    logSources: agentLogSources(capabilities),
    look: lookForAgent,
  };
}

function authentication({
  agentToken,
  userToken,
  tenant,
}: Omit<AgentBackendOptions, 'baseURL'>): Omit<RayEndpoint, 'baseURL'> {
  const ofEnvironment = readEnvironment(TOKEN_VARIABLE);
  const sources = [
    agentToken === undefined
      ? tokenSource(ofEnvironment, TOKEN, TOKEN_VARIABLE)
      : tokenSource(agentToken, TOKEN, 'agentToken'),
    tokenSource(userToken, TOKEN, 'userToken'),
    tokenSource(tenant, TOKEN, 'tenant'),
  ];
  return {
    async authenticate({ refresh }) {
      const [agent, user, tenantToken] = await Promise.all(sources.map((source) => source(refresh)));
      return {
        ...(agent !== undefined && { authorization: agent }),
        ...(user !== undefined && { 'synapse-user': `Token ${user}` }),
        ...(tenantToken !== undefined && { 'synapse-tenant': `Token ${tenantToken}` }),
      };
    },
    secrets: [agentToken ?? ofEnvironment, userToken, tenant].filter((token) => typeof token === 'string'),
  };
}
