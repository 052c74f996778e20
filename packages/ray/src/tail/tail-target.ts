import type { ApiClient, LogTransport } from '@raywire/core';
import type { FallbackStrategy } from '../fallback-strategy.js';
import type { JobState } from '../source/job-state.js';
import type { LogSource } from '../source/log-source.js';
import type { HeartbeatOptions, ReconnectOptions } from './tail-options.js';

/** How a client reads logs. */
export interface LogReading {
  transports: readonly LogTransport[];
  strategy: FallbackStrategy;
  api: ApiClient;
  reconnect: ReconnectOptions;
  heartbeat: HeartbeatOptions;
  /** What the failure of a tail means: a 404 may be that of another server. */
  explain(error: unknown): Promise<unknown>;
  /** Aborted when the client is closed. */
  closed: AbortSignal;
}

/** A log to tail, and everything that it takes. */
export interface TailTarget extends LogReading {
  /** Names the log in cursors and messages. */
  jobId: string;
  sources: readonly LogSource[];
  /** Requests the state of the job, or of whatever writes the log. */
  state(signal: AbortSignal): Promise<JobState>;
}
