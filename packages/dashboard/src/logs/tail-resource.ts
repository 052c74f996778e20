import type { ApiClient } from '@raywire/core';
import { type OptionTable, oneOf, readOptions } from '@raywire/core/internal';
import type { StreamLimits } from '@raywire/network';
import type { LogTail, TailOptions } from '@raywire/ray';
import { TAIL_OPTIONS, type TailLogRequest, tailLog } from '@raywire/ray/internal';
import { validateRayId } from '../validate-ray-id.js';
import type { NodeAgents } from './node-agents.js';
import { stalledAfter } from './poll-pace.js';
import { rangeSource } from './range-source.js';
import type { LogStream, ResourceLog } from './resource-log.js';
import { wholeFileSource } from './whole-file-source.js';

/** Options of a tail of what is not a job. */
export interface ResourceTailOptions extends TailOptions {
  /** Standard output (default) or standard error. */
  stream?: LogStream | undefined;
}

const RESOURCE_TAIL_OPTIONS = {
  ...TAIL_OPTIONS,
  stream: oneOf('out', 'err'),
} satisfies OptionTable<ResourceTailOptions>;

/** How a client reads logs. */
export interface LogReading
  extends Pick<TailLogRequest, 'transports' | 'strategy' | 'reconnect' | 'heartbeat' | 'closed'> {
  nodeAgents: NodeAgents;
}

/** What is tailed. */
export interface TailedResource {
  /** For messages and cursors: `task`, `actor` … */
  kind: string;
  id: string;
  /** The method, for the messages of its options. */
  where: string;
  open(stream: LogStream): ResourceLog;
}

/**
 * Tails the log of a task, an actor, a worker or a replica by ranges, or by whole reads where nobody serves those.
 *
 * @throws {InvalidArgumentError} at once, for a bad ID or option
 */
export function tailResource(
  api: ApiClient & { readonly streamLimits: StreamLimits },
  { kind, id, where, open }: TailedResource,
  { nodeAgents, ...reading }: LogReading,
  given?: ResourceTailOptions,
): LogTail {
  validateRayId(kind, id);
  const { stream, ...options } = readOptions(RESOURCE_TAIL_OPTIONS, given, where);
  const log = open(stream);
  const stalledAfterMs = stalledAfter(reading.heartbeat);
  const sources = [
    ...(nodeAgents === false ? [] : [rangeSource(log.find, { nodeAgents, stalledAfterMs })]),
    wholeFileSource(log.find, stalledAfterMs),
  ];
  const { streamLimits } = api;
  return tailLog(
    { ...reading, id: `${kind}/${id}/${stream}`, where, sources, api, streamLimits, state: log.state },
    options,
  );
}
