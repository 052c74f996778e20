import type { ApiClient, LogTransport } from '@raywire/core';
import type { StreamLimits } from '@raywire/network';
import type { FallbackStrategy } from '../fallback-strategy.js';
import type { JobState } from '../job-state.js';
import type { LogSource } from '../log-source.js';
import { LogTail } from './log-tail.js';
import {
  checkHeartbeat,
  checkReconnect,
  checkTailOptions,
  type HeartbeatOptions,
  type ReconnectOptions,
  type TailOptions,
} from './tail-options.js';

/** A log that is not a job's own, for example that of a task, and how a client reads logs. */
export interface TailLogRequest {
  /** Names the log in cursors and messages. */
  id: string;
  /** The method, for the messages of its options. */
  where: string;
  sources: readonly LogSource[];
  transports: readonly LogTransport[];
  strategy: FallbackStrategy;
  api: ApiClient;
  reconnect?: Partial<ReconnectOptions> | undefined;
  heartbeat?: Partial<HeartbeatOptions> | undefined;
  /** The client's own limits. */
  streamLimits: StreamLimits;
  /** Aborted when the client is closed. */
  closed: AbortSignal;
  /** Asks for the state of what writes the log. */
  state(signal: AbortSignal): Promise<JobState>;
}

/**
 * Tails any log by the same engine as `tailJobLogs`.
 *
 * @throws {InvalidArgumentError} at once, for a bad option
 * @throws {TransportUnavailableError} at once, when the transport asked for is not registered
 */
export function tailLog(request: TailLogRequest, options?: TailOptions): LogTail {
  const { id, where, streamLimits, closed, reconnect, heartbeat, ...target } = request;
  const checked = checkTailOptions(options, id, streamLimits, where);
  const signal = checked.signal === undefined ? closed : AbortSignal.any([closed, checked.signal]);
  return new LogTail(
    { ...target, jobId: id, reconnect: checkReconnect(reconnect), heartbeat: checkHeartbeat(heartbeat) },
    { ...checked, signal },
  );
}
