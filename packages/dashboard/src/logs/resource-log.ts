import { type ApiClient, type CallOptions, InvalidArgumentError, NotFoundError } from '@raywire/core';
import { describeInput } from '@raywire/core/internal';
import type { JobState, LogSource, LogSourceRequest, TailedLog, TailOptions } from '@raywire/ray';
import { validateRayId } from '../validate-ray-id.js';
import { type LogFinder, type LogLocation, listLogs, waitForLog } from './log-location.js';

/** Which of a process's outputs. */
export type LogStream = 'out' | 'err';

/** Options of a tail of what is not a job. */
export interface ResourceTailOptions extends TailOptions {
  /** Standard output (default) or standard error. */
  stream?: LogStream | undefined;
}

/** How what writes a log is now, and where the log is if it has one. */
export interface ResourceLogState extends JobState {
  location: Omit<LogLocation, 'agentAddress'> | undefined;
}

/** Requests the state of what writes a log. */
export type ResourceLook = (api: ApiClient, call: CallOptions) => Promise<ResourceLogState>;

/**
 * The log of a task, an actor, a worker or a replica, and the options of its tail.
 *
 * @param kind for messages and cursors: `task`, `actor` …
 * @param lookFor gives what finds the log of one of its outputs
 * @throws {InvalidArgumentError} for a bad ID or `stream`
 */
export function resourceTail(
  { kind, id, lookFor }: { kind: string; id: string; lookFor: (stream: LogStream) => ResourceLook },
  given: ResourceTailOptions | undefined,
  client: { api: ApiClient; sourcesOf: (find: LogFinder) => readonly LogSource[] },
): [log: TailedLog, options: TailOptions | undefined] {
  validateRayId(kind, id);
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
  // What is not an object is reported by the check of a tail's options.
  const { stream = 'out', ...options } = isObject ? given : ({} as ResourceTailOptions);
  if (stream !== 'out' && stream !== 'err') {
    throw new InvalidArgumentError({
      message: `stream must be 'out' or 'err', but it is ${describeInput(stream)}.`,
    });
  }
  const log = new ResourceLog(client.api, lookFor(stream));
  const sources = client.sourcesOf(log.find);
  return [{ id: `${kind}/${id}/${stream}`, sources, state: log.state }, isObject ? options : given];
}

/** Finds the file of a resource's log, and knows when its writer has ended. */
class ResourceLog {
  readonly #look: ResourceLook;
  readonly #api: ApiClient;
  #location: LogLocation | undefined;

  constructor(api: ApiClient, look: ResourceLook) {
    this.#api = api;
    this.#look = look;
  }

  find = (request: LogSourceRequest): Promise<LogLocation | undefined> =>
    waitForLog(request, async () => {
      const call = { signal: request.signal };
      const { location, ...state } = await this.#look(this.#api, call);
      request.job.report(state);
      if (location === undefined) return undefined;
      const agentAddress = await agentAddressOf(this.#api, location.nodeId, call);
      this.#location = { ...location, agentAddress };
      return this.#location;
    });

  state = async (call: CallOptions): Promise<JobState> => {
    const { location, ...state } = await this.#look(this.#api, call);
    // A task shares its file with others: where it ends there is known only when it has ended.
    if (this.#location !== undefined && location !== undefined) this.#location.end = location.end;
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
  const [name] = await listLogs(api, query, call);
  if (name !== undefined) return name;
  throw new NotFoundError({ message: `${query.what} has no log file on its node ${query.nodeId}.` });
}
