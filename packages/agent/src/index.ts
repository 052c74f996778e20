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
  SubmitJobOptions,
  TailCursor,
  TailEnd,
  TailEvent,
  TailOptions,
  Task,
} from '@raywire/ray';
export { AgentClient, type AgentClientOptions } from './agent-client.js';
