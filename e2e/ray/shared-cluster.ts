import type { TestProject } from 'vitest/node';
import { RayCluster } from './ray-cluster.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The dashboard of the cluster that all suites without wishes of their own share. */
    address: string;
    agentAddress: string;
    /** Its folder of logs. */
    logs: string;
  }
}

/** Starts the shared cluster, and ends it after the last suite. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await RayCluster.start();
  project.provide('address', cluster.address);
  project.provide('agentAddress', cluster.agentAddress);
  project.provide('logs', cluster.logFile(''));
  return () => cluster.stop();
}
