import type { ApiClient, CallOptions } from '@raywire/core';
import { delay } from '@raywire/core/internal';
import type { LogSourceRequest, TailEvent } from '@raywire/ray';

/** A log file of a node, or a part of one. */
export interface LogLocation {
  nodeId: string;
  /** Relative to the node's folder of logs. */
  filename: string;
  /** The node's agent, as the cluster knows it: `http://10.0.0.7:52365`. */
  agentAddress: string | undefined;
  /** Where in the file the log begins; 0 where the whole file is the log. */
  start: number;
  /** Where in the file the log ends, exclusive; `undefined`: at the file's end. */
  end: number | undefined;
}

/**
 * Finds the file of a log, waiting until its writer has started, and reports the writer's state to `request.job`.
 * `undefined` when the writer has ended without a log, or, with `follow: false`, has none yet.
 */
export type LogFinder = (request: LogSourceRequest) => Promise<LogLocation | undefined>;

/** The names of the log files of a node that match, relative to its folder of logs. */
export async function listLogs(
  api: ApiClient,
  { nodeId, glob }: { nodeId: string; glob: string },
  call: CallOptions,
): Promise<string[]> {
  const { data } = await api.request<{ data?: { result?: Record<string, string[]> } }>({
    path: 'api/v0/logs',
    query: { node_id: nodeId, glob },
    ...call,
  });
  return Object.values(data?.data?.result ?? {}).flat();
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1_000;

/** What is known of why a writer does not start. */
export type WaitingReason = Pick<TailEvent & { type: 'waiting' }, 'asks' | 'free'>;

/** Just after a submission, or in a young cluster, Ray does not say all of it: so often it is requested again. */
const MAX_REASONS = 10;

/**
 * @param look gives the file where there is one, and reports the writer's state to `request.job`
 * @param why requests what the writer waits for, for events that are read
 */
export async function waitForLog(
  request: LogSourceRequest,
  look: () => Promise<LogLocation | undefined>,
  why?: () => Promise<WaitingReason>,
): Promise<LogLocation | undefined> {
  const { api, job, follow, isWatched, emit, signal } = request;
  let reason: WaitingReason = {};
  let reasons = isWatched ? MAX_REASONS : 0;
  for (let waitMs = FIRST_WAIT_MS, told = ''; ; waitMs = Math.min(waitMs * 1.5, LONGEST_WAIT_MS)) {
    const location = await look();
    if (location !== undefined || job.state?.terminal || !follow) return location;
    const { status: jobStatus = 'UNKNOWN', message } = job.state ?? {};
    const isKnown = reason.asks !== undefined && reason.free !== undefined;
    if (why !== undefined && !isKnown && reasons-- > 0) reason = await why();
    const event = { jobStatus, ...(message && { message: api.redactor.redact(message) }), ...reason };
    const tells = JSON.stringify(event);
    if (told !== tells) emit({ type: 'waiting', ...event });
    told = tells;
    await delay(waitMs, signal);
  }
}
