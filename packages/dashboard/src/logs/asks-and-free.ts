import { type ApiClient, type CallOptions, ClientError } from '@raywire/core';
import { getClusterStatus, usageOf } from '../cluster-status.js';
import { listState } from '../state/list-state.js';
import type { Actor } from '../state/state-rows.js';
import type { WaitingReason } from './log-location.js';

/** It is a help for people: a head that is slow to give it is not waited for. */
const PATIENCE_MS = 2_000;

/** What a job asks for, which is what the actor takes that Ray runs it in, and what the cluster has free. */
export async function asksAndFree(
  api: ApiClient,
  jobId: string,
  signal: AbortSignal,
): Promise<WaitingReason> {
  const call = { signal, timeoutMs: PATIENCE_MS, maxRetries: 0 };
  try {
    const [asks, status] = await Promise.all([asksOf(api, jobId, call), getClusterStatus(api, call)]);
    const free = freeOf(usageOf(status));
    return { ...(asks && { asks }), ...(free && { free }) };
  } catch (error) {
    // The job's message is there without it.
    if (ClientError.isInstance(error)) return {};
    throw error;
  }
}

async function asksOf(
  api: ApiClient,
  jobId: string,
  call: CallOptions,
): Promise<Record<string, number> | undefined> {
  const name = `_ray_internal_job_actor_${jobId}`;
  const query = { filters: [['name', '=', name]], limit: 10, detail: true, call } as const;
  const [actor] = await listState<Actor>(api, 'actors', query);
  return actor?.required_resources ?? undefined;
}

/** By resource, without those that stand for single nodes; `undefined` while Ray's autoscaler has not reported. */
function freeOf(usage: ReturnType<typeof usageOf>): Record<string, number> | undefined {
  const resources = Object.entries(usage).filter(([name]) => !name.startsWith('node:'));
  if (resources.length === 0) return undefined;
  return Object.fromEntries(resources.map(([name, [used, total]]) => [name, total - used]));
}
