import type { ApiClient } from '@raywire/core';
import { kind, type OptionKind } from '@raywire/core/internal';
import type { Node } from '@raywire/ray';
import { getStateRows } from '../state/list-state.js';
import type { LogFile } from './log-file.js';

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
 * The URLs at which a log file may be read from a node agent, best first; none where nobody may be asked.
 *
 * @throws {ClientError} when the node cannot be looked up
 */
export async function agentUrlsOf(
  file: LogFile,
  rule: NodeAgents,
  api: ApiClient,
  signal: AbortSignal,
): Promise<string[]> {
  const agent = parseOrigin(file.agentAddress);
  if (rule === false || agent === undefined) return [];
  const path = `logs/${file.filename.split('/').map(encodeURIComponent).join('/')}`;
  const named = `${agent.origin}/${path}`;
  if (rule === true) return [named];
  if (typeof rule === 'function') return rule({ url: agent.origin, nodeId: file.nodeId }) ? [named] : [];
  const dashboard = new URL(api.baseURL);
  // A token that travels encrypted to the dashboard does not travel in the clear to its neighbour.
  if (dashboard.protocol === 'https:' && agent.protocol !== 'https:') return [];
  if (agent.hostname === dashboard.hostname) return [named];
  const [node] = await getStateRows<Node>(
    api,
    { resource: 'nodes', key: 'node_id', id: file.nodeId, kind: 'node' },
    { signal },
  );
  // The head is the dashboard's host, under whichever name it is known here.
  return node.is_head_node === true
    ? [`${dashboard.protocol}//${dashboard.hostname}:${agent.port}/${path}`]
    : [];
}

function parseOrigin(address: string | undefined): URL | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url : undefined;
}
