import type { ApiClient, LogTransport } from '@raywire/core';
import type { FallbackStrategy } from '../fallback-strategy.js';
import type { JobState } from '../source/job-state.js';
import type { LogSource } from '../source/log-source.js';
import type { HeartbeatOptions, ReconnectOptions } from './tail-options.js';

/** A log to tail, and everything that it takes. */
export interface TailTarget {
  /** Names the log in cursors and messages. */
  jobId: string;
  sources: readonly LogSource[];
  transports: readonly LogTransport[];
  strategy: FallbackStrategy;
  api: ApiClient;
  reconnect: ReconnectOptions;
  heartbeat: HeartbeatOptions;
  /** Asks for the state of the job, or of whatever writes the log. */
  state(signal: AbortSignal): Promise<JobState>;
}
