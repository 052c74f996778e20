export type { JobStatus, TailCursor } from '@raywire/core';
export { type AgentBackendOptions, agentBackend } from './agent/agent-backend.js';
export { type CreateRayClientOptions, createRayClient } from './create-ray-client.js';
export { type FallbackStrategy, webSocketThenHttp } from './fallback-strategy.js';
export type { JobRun } from './job-run.js';
export { decodeCursor, encodeCursor } from './lines/cursor-text.js';
export type {
  JobQuery,
  ListJobsOptions,
  ListNodesOptions,
  ListServeApplicationsOptions,
  ListTasksOptions,
  NodeQuery,
  PageQuery,
  ServeApplicationQuery,
  TaskQuery,
} from './lists/list-queries.js';
export { Listing } from './lists/listing.js';
export type { UploadProgress } from './local-files/local-package.js';
export type { FixedTailOptions, JobLogsOptions, RayClient, RunJobOptions, TailedLog } from './ray-client.js';
export { fieldOf } from './resources/field-of.js';
export type { Job, JobDriverInfo } from './resources/job.js';
export type { SubmitJobOptions, SubmittedJob } from './resources/job-submission.js';
export type { Node, NodeState } from './resources/node.js';
export type { PipEnv, RuntimeEnv, RuntimeEnvConfig, UvEnv } from './resources/runtime-env.js';
export type {
  ServeApplication,
  ServeApplicationStatus,
  ServeDeployment,
  ServeReplicaDetails,
} from './resources/serve-application.js';
export type { StoppedJob } from './resources/stopped-job.js';
export type { Task, TaskLogInfo, TaskState } from './resources/task.js';
export type { StopJobOptions } from './stop-job.js';
export { type SSEOptions, type SSEResponseOptions, toResponse, toSSE } from './tail/event-stream.js';
export type { LogTail } from './tail/log-tail.js';
export type { TailEnd } from './tail/tail-end.js';
export type { TailEvent } from './tail/tail-event.js';
export type { HeartbeatOptions, ReconnectOptions, TailOptions } from './tail/tail-options.js';
export type { Token } from './token.js';
export type { WaitForJobOptions } from './wait-for-job.js';

// Symbols above are for users; those below are for implementers of backends, facades and mixins.

export { type ListOrder, pageRows, type SourceRows } from './lists/page-rows.js';
export type { RayBackend, RayEndpoint, RayOperations, ResourceKind } from './ray-backend.js';
export {
  type Constructor,
  type RayClientBase,
  RayClientMixin,
} from './ray-client-mixin.js';
export type { RayClientOptions } from './ray-client-options.js';
export type { JobState } from './source/job-state.js';
export type {
  DecodedLines,
  LineMessages,
  LogDecoder,
  LogEnd,
  LogSource,
  LogSourceRequest,
  OpenLogSource,
} from './source/log-source.js';
export { mergeTransports } from './transport-registry.js';
