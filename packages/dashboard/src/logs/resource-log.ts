import { type ApiClient, type CallOptions, NotFoundError } from '@raywire/core';
import type { JobState, LogSourceRequest } from '@raywire/ray';
import { delay } from '../delay.js';
import type { FoundLog, LogFile } from './log-file.js';

/** Which of a process's outputs. */
export type LogStream = 'out' | 'err';

/** How what writes a log is now, and where the log is if it has one. */
export interface ResourceLogState extends JobState {
  file: Omit<LogFile, 'agentAddress'> | undefined;
}

const WAIT_MS = 500;

/** The log of a task, an actor, a worker or a replica: finds its file, and knows when its writer has ended. */
export class ResourceLog {
  readonly #look: (api: ApiClient, call: CallOptions) => Promise<ResourceLogState>;
  readonly #api: ApiClient;
  #file: LogFile | undefined;

  constructor(api: ApiClient, look: (api: ApiClient, call: CallOptions) => Promise<ResourceLogState>) {
    this.#api = api;
    this.#look = look;
  }

  find = async (request: LogSourceRequest): Promise<FoundLog> => {
    for (let told = ''; ; ) {
      const { file, ...state } = await this.#look(this.#api, { signal: request.signal });
      if (file !== undefined) {
        const agentAddress = await agentAddressOf(this.#api, file.nodeId, { signal: request.signal });
        this.#file = { ...file, agentAddress };
        return { file: this.#file, state };
      }
      if (state.terminal || !request.follow) return { file: undefined, state };
      if (told !== state.status) request.emit({ type: 'waiting', jobStatus: state.status });
      told = state.status;
      await delay(WAIT_MS, request.signal);
    }
  };

  state = async (signal: AbortSignal): Promise<JobState> => {
    const { file, ...state } = await this.#look(this.#api, { signal });
    // A task shares its file with others: where it ends there is known only when it has ended.
    if (this.#file !== undefined && file !== undefined) this.#file.end = file.end;
    return state;
  };
}

/** Where the agent of a node listens, as the node told the head. */
async function agentAddressOf(
  api: ApiClient,
  nodeId: string,
  call: CallOptions,
): Promise<string | undefined> {
  const { data } = await api.request<{ data?: { summary?: NodeSummary[] } }>({
    path: 'nodes?view=summary',
    ...call,
  });
  const node = data?.data?.summary?.find(({ raylet }) => raylet?.nodeId === nodeId);
  const { nodeManagerAddress: host, dashboardAgentListenPort: port } = node?.raylet ?? {};
  if (host === undefined || !port) return undefined;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

interface NodeSummary {
  raylet?: { nodeId?: string; nodeManagerAddress?: string; dashboardAgentListenPort?: number };
}

/**
 * The name of a worker's log file, found by a part of it.
 *
 * @throws {NotFoundError} when there is none
 */
export async function workerLogName(
  api: ApiClient,
  query: { nodeId: string; glob: string; what: string },
  call: CallOptions,
): Promise<string> {
  const { data } = await api.request<{ data?: { result?: Record<string, string[]> } }>({
    path: 'api/v0/logs',
    query: { node_id: query.nodeId, glob: query.glob },
    ...call,
  });
  const [name] = Object.values(data?.data?.result ?? {}).flat();
  if (name !== undefined) return name;
  throw new NotFoundError({ message: `${query.what} has no log file on its node ${query.nodeId}.` });
}
