import { DashboardClient, type DashboardClientOptions } from '@raywire/dashboard';
import {
  type DashboardSource,
  dashboardLogOf,
  type RayHeadOptions,
  startFaultProxy,
  startRayHead,
} from '@raywire/testing';
import { type LabJob, QUICK_HEARTBEAT, QUICK_RECONNECT, type TailLaboratory } from './laboratory.js';
import { MemoryJobs } from './memory-jobs.js';

export const DASHBOARD_SOURCES: readonly DashboardSource[] = [
  'dashboard-ranges',
  'dashboard-websocket',
  'dashboard-files',
];

/** Silence in the middle of a whole file; a loaded machine needs some slack. */
const READ_TIMEOUT_MS = 500;

/** A cluster's head and node agent behind one fault proxy, which treats each way to a log by itself. */
export interface DashboardLaboratory extends TailLaboratory {
  newClient(options?: DashboardClientOptions): DashboardClient;
  /** Puts another job in its place. */
  replaceJob(jobId: string, job: LabJob): void;
  /** The name of a job's log by one way, for the proxy. */
  logOf(source: DashboardSource, jobId: string): string;
}

/** Starts the imitation and its proxy. */
export async function openDashboardLaboratory(
  options: Pick<RayHeadOptions, 'intercept' | 'breakAt'> & { agentHost?: string } = {},
): Promise<DashboardLaboratory> {
  const jobs = new MemoryJobs();
  const unframed = new Set<string>();
  const head = await startRayHead({
    ...options,
    driver: jobs.driver,
    agentAddress: () => proxy.url.replace('127.0.0.1', options.agentHost ?? '127.0.0.1'),
    unframed: (jobId) => unframed.has(jobId),
  });
  const proxy = await startFaultProxy(head.url, dashboardLogOf);
  const newClient = (given: DashboardClientOptions = {}): DashboardClient =>
    new DashboardClient({
      address: proxy.url,
      token: 'token-of-the-laboratory',
      reconnect: QUICK_RECONNECT,
      heartbeat: QUICK_HEARTBEAT,
      readTimeoutMs: READ_TIMEOUT_MS,
      ...given,
    });
  const clients = new Set<DashboardClient>();
  const logOf = (source: DashboardSource, jobId: string): string => `${source}/${jobId}`;
  const put = (jobId: string, { text, life, dashboard }: LabJob): void => {
    const { unframed: isUnframed, ...job } = dashboard ?? {};
    if (isUnframed) unframed.add(jobId);
    jobs.add(jobId, { bytes: Buffer.from(text), life, readBytes: 300, startTime: 1, ...job });
  };
  let count = 0;
  return {
    proxy,
    logOf,
    newClient,
    addJob(job) {
      const jobId = `job-${count++}`;
      put(jobId, job);
      return jobId;
    },
    replaceJob: put,
    removeJob(jobId) {
      jobs.remove(jobId);
      unframed.delete(jobId);
      for (const source of DASHBOARD_SOURCES) proxy.forget(logOf(source, jobId));
    },
    client(given = {}) {
      const client = newClient(given);
      clients.add(client);
      return client;
    },
    async close() {
      for (const client of clients) await client.close();
      await proxy.close();
      await head.close();
    },
  };
}
