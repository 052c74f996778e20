export { ClientError, JobFailedError } from '@raywire/core';
export { StreamLimits } from '@raywire/network';
export type {
  Job,
  JobRun,
  Listing,
  LogTail,
  Node,
  RayClient,
  ServeApplication,
  TailCursor,
  TailEnd,
  TailEvent,
  TailOptions,
  Task,
} from '@raywire/ray';
export type { Gpu, GpuStatus, RayVersion } from './cluster-status.js';
export type { TokenHeader } from './dashboard-authentication.js';
export { DashboardClient } from './dashboard-client.js';
export type { DashboardClientOptions } from './dashboard-client-options.js';
export type { NodeAgents } from './logs/node-agents.js';
export type { ResourceTailOptions } from './logs/resource-log.js';
export type { ServeReplica } from './logs/resource-logs.js';
export type { ServeConfig } from './serve/serve-applications.js';
export type { WaitForServeOptions } from './serve/wait-for-serve-application.js';
export type { AllTasksOptions, IncompleteTasks } from './state/all-tasks.js';
export type { StateFilter, StateListOptions } from './state/state-options.js';
export type { Actor, ObjectReference, PlacementGroup, Worker } from './state/state-rows.js';
export type { DashboardRunOptions, DashboardSubmitOptions } from './submit-options.js';
export type { UploadProgress } from './working-directory/working-directory-options.js';

// Symbols above are for users; those below are for implementers of facades and gateways.

export {
  type DashboardBackend,
  type DashboardBackendOptions,
  dashboardBackend,
  rangesThenWebSocketThenFiles,
} from './dashboard-backend.js';
