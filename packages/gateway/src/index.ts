export { type LocalDriverOptions, localDriver } from './local/local-driver.js';
export { rayDriver } from './ray/ray-driver.js';
export type { RayDriverOptions } from './ray/ray-driver-options.js';

// The gateway serves what a driver runs.

export type { TlsOptions } from '@raywire/core';
export type { NodeAgents, TokenHeader } from '@raywire/dashboard';
export type { Token } from '@raywire/ray';
export { createGateway, type Gateway } from './gateway.js';
export type { GatewayEvent, GatewayOptions } from './gateway-options.js';

// Symbols above are for users; those below are for implementers of drivers.

export { ClientError, ConflictError, InvalidArgumentError, NotFoundError, ServerError } from '@raywire/core';
export type { JobQuery, NodeQuery, ServeApplicationQuery, TaskQuery } from '@raywire/ray';
export { type ListOrder, pageRows, type SourceRows } from '@raywire/ray';
export type { ClusterState, Rows, StateRow, StateRows } from './contracts/cluster-state.js';
export type { JobDetails, JobStatus, JobSubmission } from './contracts/job.js';
export type { JobDriver, JobDriverContext } from './contracts/job-driver.js';
export type { JobLog, JobLogEnd } from './contracts/job-log.js';
export type { PackageStore } from './contracts/package-store.js';
