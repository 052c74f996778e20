import type { BaseClientOptions, LogTransport } from '@raywire/core';
import {
  BASE_CLIENT_OPTIONS,
  CALL_OPTIONS,
  contract,
  flag,
  nested,
  type OptionTable,
  type RefusedOptions,
  refused,
  required,
} from '@raywire/core/internal';
import type { StreamLimits, StreamLimitsInit } from '@raywire/network';
import { type FallbackStrategy, fallbackOption } from './fallback-strategy.js';
import type { RayBackend } from './ray-backend.js';
import type { JobLogsOptions, RunJobOptions } from './ray-client.js';
import {
  type HeartbeatOptions,
  heartbeatOption,
  type ReconnectOptions,
  reconnectOption,
  streamLimitsOption,
  TAIL_OPTIONS,
} from './tail/tail-options.js';
import { transportsOption } from './transport-registry.js';

/** What the mixin reads from the first argument of its constructor; the rest goes to the base class. */
export interface RayClientOptions {
  /** Which server, for example `agentBackend({ baseURL, agentToken })`. */
  backend: RayBackend;
  /** How logs travel; the client closes them when it is closed. Default: none. */
  transports?: readonly LogTransport[] | undefined;
  /** Default: `new StreamLimits()`. */
  streamLimits?: StreamLimits | StreamLimitsInit | undefined;
  /**
   * How a tail comes back after its connection broke.
   * Default: `{ initialDelayMs: 250, maxDelayMs: 10_000, giveUpAfterMs: 60_000 }`.
   */
  reconnect?: Partial<ReconnectOptions> | undefined;
  /** When a quiet connection is asked whether it lives. Default: `{ intervalMs: 20_000, timeoutMs: 45_000 }`. */
  heartbeat?: Partial<HeartbeatOptions> | undefined;
  /** The order of `auto`. Default: `webSocketThenHttp()`. */
  fallback?: FallbackStrategy | undefined;
}

/** The table of `RayClientOptions`. */
export const RAY_CLIENT_OPTIONS: OptionTable<RayClientOptions> = {
  backend: required(
    contract('a backend', 'agentBackend({ baseURL, agentToken })', ({ endpoint }) =>
      Boolean(endpoint?.baseURL),
    ),
  ),
  transports: transportsOption(),
  streamLimits: streamLimitsOption(),
  reconnect: reconnectOption(),
  heartbeat: heartbeatOption(),
  fallback: fallbackOption(),
};

const BY_BACKEND = refused(
  'the backend says that, as in agentBackend({ baseURL, agentToken }); createRayClient of @raywire/ray takes any.',
);

/** The table of the options that clients of any one backend have in common. */
export const FACADE_OPTIONS: OptionTable<
  Omit<BaseClientOptions, 'baseURL' | 'authenticate' | 'refreshOn'> &
    Omit<RayClientOptions, 'backend'> &
    RefusedOptions<
      'backend' | 'baseURL' | 'authenticate' | 'refreshOn' | 'agentToken' | 'userToken' | 'tenant'
    >
> = /* @__PURE__ */ ((): typeof FACADE_OPTIONS => ({
  ...BASE_CLIENT_OPTIONS,
  ...RAY_CLIENT_OPTIONS,
  backend: BY_BACKEND,
  baseURL: BY_BACKEND,
  authenticate: BY_BACKEND,
  refreshOn: BY_BACKEND,
  agentToken: BY_BACKEND,
  userToken: BY_BACKEND,
  tenant: BY_BACKEND,
}))();

/** The table of `JobLogsOptions`. */
export const JOB_LOGS_OPTIONS: OptionTable<JobLogsOptions> =
  /* @__PURE__ */ ((): typeof JOB_LOGS_OPTIONS => ({
    ...CALL_OPTIONS,
    streamLimits: streamLimitsOption(),
  }))();

/** What `RunJobOptions` adds to a submission. */
export const RUN_OPTIONS: OptionTable<
  Pick<RunJobOptions, 'tail' | 'throwOnFailure' | 'stopOnAbort'>,
  'throwOnFailure' | 'stopOnAbort'
> = {
  stopOnAbort: flag(false),
  tail: nested(TAIL_OPTIONS),
  throwOnFailure: flag(false),
};
