export type {
  BaseClientOptions,
  CallHooks,
  CallOptions,
  ErrorCode,
  HttpRequester,
  JobStatus,
  LogTransport,
  RaywireError,
  RequestEvent,
  ResponseEvent,
  RetryEvent,
  TailCursor,
  TlsOptions,
} from '@raywire/core';
export {
  AuthenticationError,
  AuthorizationError,
  BrowserTrafficBlockedError,
  ClientConnectionError,
  ClientError,
  ClientTimeoutError,
  ConflictError,
  HTTPError,
  InvalidArgumentError,
  isRaywireError,
  JobFailedError,
  NotFoundError,
  RateLimitError,
  RemoteStreamError,
  ServerError,
  StreamGapError,
  StreamInterruptedError,
  StreamLimitExceededError,
  TransportUnavailableError,
  UnsupportedByServerError,
  ValidationError,
} from '@raywire/core';
export type {
  MemoryHandler,
  MemoryPeer,
  MemoryTransportOptions,
} from '@raywire/core/memory';
export { memoryTransport } from '@raywire/core/memory';
export type { OversizeMode, StreamLimitsInit } from '@raywire/network';
export { StreamLimits } from '@raywire/network';
export type {
  FallbackStrategy,
  FixedTailOptions,
  HeartbeatOptions,
  Job,
  JobDriverInfo,
  JobLogsOptions,
  JobQuery,
  JobRun,
  ListJobsOptions,
  ListNodesOptions,
  ListServeApplicationsOptions,
  ListTasksOptions,
  LogTail,
  Node,
  NodeQuery,
  NodeState,
  PageQuery,
  PipEnv,
  RayClient,
  RayClientOptions,
  ReconnectOptions,
  RunJobOptions,
  RunJobOptions as DashboardRunOptions,
  RuntimeEnv,
  RuntimeEnvConfig,
  ServeApplication,
  ServeApplicationQuery,
  ServeApplicationStatus,
  ServeDeployment,
  ServeReplicaDetails,
  SSEOptions,
  SSEResponseOptions,
  StopJobOptions,
  StoppedJob,
  SubmitJobOptions,
  SubmitJobOptions as DashboardSubmitOptions,
  SubmittedJob,
  TailEnd,
  TailEvent,
  TailOptions,
  Task,
  TaskLogInfo,
  TaskQuery,
  TaskState,
  Token,
  UploadProgress,
  UvEnv,
  WaitForJobOptions,
} from '@raywire/ray';
export {
  decodeCursor,
  encodeCursor,
  fieldOf,
  Listing,
  toResponse,
  toSSE,
  webSocketThenHttp,
} from '@raywire/ray';
export type { Gpu, GpuProcess, GpuStatus, RayVersion } from './cluster-status.js';
export type { TokenHeader } from './dashboard-authentication.js';
export { DashboardClient } from './dashboard-client.js';
export type { DashboardClientOptions } from './dashboard-client-options.js';
export type { NodeAgents } from './logs/node-agents.js';
export type { LogStream, ResourceTailOptions } from './logs/resource-log.js';
export type { ServeReplica } from './logs/resource-logs.js';
export type { ServeConfig } from './serve/serve-applications.js';
export type { WaitForServeOptions } from './serve/wait-for-serve-application.js';
export type { AllTasksOptions, IncompleteTasks } from './state/all-tasks.js';
export type {
  DashboardListJobsOptions,
  DashboardListNodesOptions,
  DashboardListTasksOptions,
  StatePageOptions,
} from './state/page-options.js';
export type { StateColumns } from './state/state-columns.js';
export type { StateFilter, StateListOptions } from './state/state-options.js';
export type { Actor, ActorState, ObjectReference, PlacementGroup, Worker } from './state/state-rows.js';

// Symbols above are for users; those below are for implementers of facades and gateways.

export {
  type DashboardBackend,
  type DashboardBackendOptions,
  dashboardBackend,
  rangesThenWebSocketThenFiles,
} from './dashboard-backend.js';
