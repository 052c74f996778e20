import type { ApiClient } from '@raywire/core';
import { kind, type OptionKind } from '@raywire/core/internal';
import type { Node } from '@raywire/ray';
import { getStateRows } from '../state/list-state.js';
import type { LogLocation } from './log-location.js';

/**
 * Whether a node's agent may be asked for logs, token and all. The address comes from the server and is often not
 * reachable from outside the cluster's network.
 *
 * - `undefined` (default): only on the dashboard's own host;
 * - `true`: any; `false`: none;
 * - a function: those that it says yes to.
 */
export type NodeAgents = boolean | ((agent: { url: string; nodeId: string }) => boolean) | undefined;

/** A rule for node agents. @__NO_SIDE_EFFECTS__ */
export function nodeAgentsOption(): OptionKind<NonNullable<NodeAgents>, undefined> {
  return kind(
    'true, false or a function',
    (value) => typeof value === 'boolean' || typeof value === 'function',
  );
}

/**
 * The URL at which a log file may be read from a node agent; `undefined` where no request may go to it.
 *
 * @throws {ClientError} when the node cannot be looked up
 */
export async function agentUrlOf(
  location: LogLocation,
  rule: NodeAgents,
  api: ApiClient,
  signal: AbortSignal,
): Promise<string | undefined> {
  const agent = parseOrigin(location.agentAddress);
  if (rule === false || agent === undefined) return undefined;
  const path = `logs/${location.filename.split('/').map(encodeURIComponent).join('/')}`;
  const named = `${agent.origin}/${path}`;
  if (rule === true) return named;
  if (typeof rule === 'function')
    return rule({ url: agent.origin, nodeId: location.nodeId }) ? named : undefined;
  const dashboard = new URL(api.baseURL);
  // A token that travels encrypted to the dashboard does not travel in the clear to its neighbour.
  if (dashboard.protocol === 'https:' && agent.protocol !== 'https:') return undefined;
  if (agent.hostname === dashboard.hostname) return named;
  const [node] = await getStateRows<Node>(
    api,
    { resource: 'nodes', key: 'node_id', id: location.nodeId, kind: 'node' },
    { signal },
  );
  // The head is the dashboard's host, under whichever name it is known here.
  if (node.is_head_node !== true) return undefined;
  return `${dashboard.protocol}//${dashboard.hostname}:${agent.port}/${path}`;
}

function parseOrigin(address: string | undefined): URL | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url : undefined;
}
