import { InvalidArgumentError } from '@raywire/core';
import { assertKnownOptions } from '@raywire/core/internal';
import { readEnvironment } from '#environment';
import type { RayBackend, RayEndpoint } from '../ray-backend.js';
import { AgentCapabilities } from './agent-capabilities.js';
import { agentLogSources } from './agent-log-sources.js';
import { agentOperations } from './agent-operations.js';

/** A token, or a function that gives one and is asked again after a 401. */
export type Token = string | (() => string | Promise<string>);

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

/** The options of `agentBackend`. */
const AGENT_OPTIONS: readonly string[] = ['baseURL', 'agentToken', 'userToken', 'tenant'];

/**
 * The agent protocol: a Synapse agent, or a Raywire gateway, whose additions are used when it says that it has them.
 *
 * @throws {InvalidArgumentError} for a bad option
 */
export function agentBackend(options: AgentBackendOptions): RayBackend {
  if (typeof options !== 'object' || options === null) {
    throw new InvalidArgumentError({
      message: "An agent takes an object of options, at least { baseURL: 'http://…' }.",
    });
  }
  assertKnownOptions(options, AGENT_OPTIONS, 'agentBackend');
  const capabilities = new AgentCapabilities();
  return {
    contractVersion: 1,
    name: 'agent',
    endpoint: { baseURL: options.baseURL, authenticate: authentication(options) },
    operations: agentOperations(capabilities),
    logSources: agentLogSources(capabilities),
  };
}

function authentication(options: AgentBackendOptions): NonNullable<RayEndpoint['authenticate']> {
  const agent = tokenSource('agentToken', options.agentToken ?? readEnvironment('RAYWIRE_AGENT_TOKEN'));
  const user = tokenSource('userToken', options.userToken);
  const tenant = tokenSource('tenant', options.tenant);
  return async ({ refresh }) => {
    const [agentToken, userToken, tenantToken] = await Promise.all([
      agent(refresh),
      user(refresh),
      tenant(refresh),
    ]);
    return {
      ...(agentToken !== undefined && { authorization: agentToken }),
      ...(userToken !== undefined && { 'synapse-user': `Token ${userToken}` }),
      ...(tenantToken !== undefined && { 'synapse-tenant': `Token ${tenantToken}` }),
    };
  };
}

/** Asks a token function once, and again only when told to. */
function tokenSource(
  name: string,
  token: Token | undefined,
): (refresh: boolean) => Promise<string | undefined> {
  if (token === undefined) return async () => undefined;
  if (typeof token === 'string') {
    const checked = checkToken(name, token);
    return async () => checked;
  }
  if (typeof token !== 'function') throw invalidToken(name);
  let known: Promise<string> | undefined;
  return (refresh) => {
    if (known === undefined || refresh) {
      const asked = (async () => checkToken(name, await token()))();
      known = asked;
      asked.catch(() => {
        if (known === asked) known = undefined;
      });
    }
    return known;
  };
}

function checkToken(name: string, token: unknown): string {
  if (typeof token === 'string' && /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(token)) return token;
  throw invalidToken(name);
}

// The value itself is a secret: it is not shown.
function invalidToken(name: string): InvalidArgumentError {
  return new InvalidArgumentError({
    message: `${name} must be a non-empty string of visible ASCII characters, or a function that gives one.`,
  });
}
