import { CALL_OPTIONS, contract, flag, nested, type OptionTable } from '@raywire/core/internal';
import { fallbackOption } from './fallback-strategy.js';
import type { JobLogsOptions, RunJobOptions } from './ray-client.js';
import type { RayClientOptions } from './ray-client-mixin.js';
import { SUBMIT_OPTIONS } from './resources/job-submission.js';
import { streamLimitsOption } from './stream-limits-option.js';
import { heartbeatOption, reconnectOption, TAIL_OPTIONS, type TailOptions } from './tail/tail-options.js';
import { transportsOption } from './transport-registry.js';

/** The table of `RayClientOptions`. */
export const RAY_CLIENT_OPTIONS: OptionTable<RayClientOptions> = {
  backend: contract(
    'a backend',
    'agentBackend({ baseURL, agentToken })',
    ({ endpoint }) => typeof endpoint?.baseURL === 'string',
  ),
  transports: transportsOption(),
  streamLimits: streamLimitsOption(),
  reconnect: reconnectOption(),
  heartbeat: heartbeatOption(),
  fallback: fallbackOption(),
};

/** The table of `JobLogsOptions`. */
export const JOB_LOGS_OPTIONS: OptionTable<JobLogsOptions> = {
  ...CALL_OPTIONS,
  streamLimits: streamLimitsOption(),
};

/** The table of `RunJobOptions`. */
export const RUN_OPTIONS: OptionTable<RunJobOptions, 'throwOnFailure'> = {
  ...SUBMIT_OPTIONS,
  tail: nested<TailOptions>(TAIL_OPTIONS),
  throwOnFailure: flag(false),
};
