export type { TailCursor } from '@raywire/core';
export { type AgentBackendOptions, agentBackend } from './agent/agent-backend.js';
export { type CreateRayClientOptions, createRayClient } from './create-ray-client.js';
export { type FallbackStrategy, webSocketThenHttp } from './fallback-strategy.js';
export { JobRun } from './job-run.js';
export { Listing } from './listing.js';
export type { FixedTailOptions, JobLogsOptions, RayClient, RunJobOptions } from './ray-client.js';
export type { Job } from './resources/job.js';
export type { SubmitJobOptions, SubmittedJob } from './resources/job-submission.js';
export type { Node } from './resources/node.js';
export type { ServeApplication } from './resources/serve-application.js';
export type { Task } from './resources/task.js';
export { LogTail } from './tail/log-tail.js';
export type { TailEnd } from './tail/tail-end.js';
export type { TailEvent } from './tail/tail-event.js';
export type { HeartbeatOptions, ReconnectOptions, TailOptions } from './tail/tail-options.js';
export type { Token } from './token.js';
export type { WaitForJobOptions } from './wait-for-job.js';

// Symbols above are for users; those below are for implementers of backends, facades and mixins.

export type { JobState } from './job-state.js';
export type {
  DecodedLines,
  LogDecoder,
  LogEnd,
  LogSource,
  LogSourceRequest,
  OpenLogSource,
} from './log-source.js';
export type { RayBackend, RayEndpoint, RayOperations, ResourceKind } from './ray-backend.js';
export {
  type Constructor,
  type RayClientBase,
  RayClientMixin,
} from './ray-client-mixin.js';
export type { RayClientOptions } from './ray-client-options.js';
export { mergeTransports } from './transport-registry.js';
