import { AgentClient, type AgentClientOptions, type RayClient } from '@raywire/agent';
import { createGateway } from '@raywire/gateway';
import { type FaultProxy, startFaultProxy } from '@raywire/testing';
import { type MemoryJob, MemoryJobs } from './memory-jobs.js';
import { type OldAgent, type OldJob, startOldAgent } from './old-agent.js';

/** Which agent is behind the proxy. */
export type ServerKind = 'gateway' | 'old agent';

/** A job, for any kind of server. */
export interface LabJob {
  text: string;
  life: 'ended' | 'running';
  /** For one kind alone. */
  old?: Partial<OldJob>;
  gateway?: Partial<MemoryJob>;
  /** `unframed`: whole files come without chunks or a length. */
  dashboard?: Partial<MemoryJob> & { unframed?: boolean };
}

/** The options that clients of both protocols have. */
export type CommonOptions = Pick<
  AgentClientOptions,
  'reconnect' | 'heartbeat' | 'streamLimits' | 'transports' | 'readTimeoutMs'
>;

/** Any server with the fault proxy in front. */
export interface TailLaboratory {
  proxy: FaultProxy;
  /** A job of its own with this log; gives its ID. */
  addJob(job: LabJob): string;
  removeJob(jobId: string): void;
  /** A new client through the proxy; its caller closes it. */
  newClient(options?: CommonOptions): RayClient & { close(): Promise<void> };
  /** A new client through the proxy, closed with the laboratory. */
  client(options?: CommonOptions): RayClient;
  close(): Promise<void>;
}

/** Quick, and patient enough for any schedule of faults. */
export const QUICK_RECONNECT = { initialDelayMs: 1, maxDelayMs: 4, giveUpAfterMs: 10_000 };
/** Silence is noticed soon; a loaded machine needs some slack. */
export const QUICK_HEARTBEAT = { intervalMs: 20, timeoutMs: 80 };
/** For tails that nothing befalls but what is planned. */
export const SLOW_HEARTBEAT = { intervalMs: 5_000, timeoutMs: 10_000 };
/** Of the gateway: well below the client's patience. */
const PING_INTERVAL_MS = 15;

const TOKEN = 'token-of-the-laboratory';

/** An agent of one kind with the fault proxy in front. */
export interface Laboratory extends TailLaboratory {
  kind: ServerKind;
  /** The old agent, where jobs with more particular faults are added. */
  agent: OldAgent | undefined;
  /** The gateway's jobs. */
  jobs: MemoryJobs | undefined;
  newClient(options?: Partial<AgentClientOptions>): AgentClient;
  client(options?: Partial<AgentClientOptions>): AgentClient;
}

/** Starts a server and its proxy. */
export async function openLaboratory(kind: ServerKind): Promise<Laboratory> {
  const agent = kind === 'old agent' ? await startOldAgent() : undefined;
  const jobs = kind === 'gateway' ? new MemoryJobs() : undefined;
  const gateway =
    jobs && createGateway({ driver: jobs.driver, token: TOKEN, pingIntervalMs: PING_INTERVAL_MS });
  await gateway?.listen();
  const proxy = await startFaultProxy((agent?.url ?? gateway?.url) as string);
  const newClient = (options: Partial<AgentClientOptions> = {}): AgentClient =>
    new AgentClient({
      baseURL: proxy.url,
      agentToken: TOKEN,
      reconnect: QUICK_RECONNECT,
      heartbeat: QUICK_HEARTBEAT,
      ...options,
    });
  const clients = new Set<AgentClient>();
  let count = 0;
  return {
    kind,
    proxy,
    agent,
    jobs,
    addJob({ text, life, old, gateway: more }) {
      const jobId = `job-${count++}`;
      agent?.add(jobId, { text, life, ...old });
      jobs?.add(jobId, { bytes: Buffer.from(text), life, readBytes: 300, startTime: 1, ...more });
      return jobId;
    },
    removeJob(jobId) {
      agent?.remove(jobId);
      jobs?.remove(jobId);
      proxy.forget(jobId);
    },
    newClient,
    client(options = {}) {
      const client = newClient(options);
      clients.add(client);
      return client;
    },
    async close() {
      for (const client of clients) await client.close();
      await proxy.close();
      await gateway?.close();
      await agent?.close();
    },
  };
}
