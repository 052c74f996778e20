import { createHash } from 'node:crypto';
import {
  arch,
  availableParallelism,
  cpus,
  freemem,
  hostname,
  loadavg,
  platform,
  totalmem,
  uptime,
} from 'node:os';
import { NotFoundError } from '@raywire/core';
import {
  type Node,
  type NodeQuery,
  pageRows,
  type ServeApplicationQuery,
  type Task,
  type TaskQuery,
} from '@raywire/ray';
import { NODE_ORDER, SERVE_APPLICATION_ORDER, TASK_ORDER } from '@raywire/ray/internal';
import type { ClusterState, StateRow, StateRows } from '../contracts/cluster-state.js';
import { isKeepers } from './keeper.js';
import { readCommandLine, readProcesses } from './process-table.js';
import type { RunningJob } from './running-job.js';

/** This machine as a cluster of one node. */
export class LocalCluster implements ClusterState {
  /** As long as Ray's, and the same after a restart. */
  readonly nodeId: string = createHash('sha256').update(hostname()).digest('hex').slice(0, 56);
  readonly #running: () => Iterable<RunningJob>;
  /** Read once: the two clocks are never read in the same instant, and a machine has one start. */
  readonly #bootedAtMs = Math.round(Date.now() - uptime() * 1_000);
  #cpuTimes = readCpuTimes();
  #cpuPercent = 0;

  constructor(running: () => Iterable<RunningJob>) {
    this.#running = running;
  }

  async nodes(query: NodeQuery = {}): Promise<StateRows> {
    return pageRows({ items: [this.#node()] }, query, NODE_ORDER);
  }

  #node(): Node & Record<string, unknown> {
    const limit = process.constrainedMemory();
    // Without a limit the system says 0, or a number beyond all memory.
    const memoryTotal = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
    const memoryAvailable = Math.min(process.availableMemory(), memoryTotal);
    return {
      node_id: this.nodeId,
      node_name: hostname(),
      node_ip: '127.0.0.1',
      is_head_node: true,
      state: 'ALIVE',
      alive: true,
      platform: `${platform()}-${arch()}`,
      start_time_ms: this.#bootedAtMs,
      resources_total: { CPU: availableParallelism(), memory: memoryTotal },
      cpu_percent: this.#measureCpu(),
      load_average: loadavg(),
      memory: { total: memoryTotal, available: memoryAvailable, free: freemem() },
    };
  }

  async tasks(query: TaskQuery & { taskId?: string | undefined } = {}): Promise<StateRows> {
    const items = this.#tasks().filter(
      ({ task_id: id }) => query.taskId === undefined || id === query.taskId,
    );
    return pageRows({ items }, query, TASK_ORDER);
  }

  #tasks(): Task[] {
    const jobs = new Map([...this.#running()].map((job) => [job.identity.pid, job]));
    if (jobs.size === 0) return [];
    return readProcesses()
      .filter((entry) => entry.state !== 'Z' && jobs.has(entry.session) && !isKeepers(entry))
      .map((entry) => ({
        task_id: `pid-${entry.pid}-${entry.startedAtTicks}`,
        name: readCommandLine(entry.pid) || `pid ${entry.pid}`,
        state: 'RUNNING',
        type: 'PROCESS',
        job_id: jobs.get(entry.session)?.id ?? null,
        node_id: this.nodeId,
        pid: entry.pid,
        start_time_ms: Math.round(this.#bootedAtMs + entry.startedAtSeconds * 1_000),
        cpu_seconds: entry.cpuSeconds,
        resident_bytes: entry.residentBytes,
      }));
  }

  async gpuStatus(): Promise<StateRow> {
    return { available: false, gpus: [], message: 'The local driver does not look for GPUs' };
  }

  async serveApplications(query: ServeApplicationQuery = {}): Promise<StateRows> {
    return pageRows({ items: [] }, query, SERVE_APPLICATION_ORDER);
  }

  deleteServeApplication(name: string): Promise<void> {
    return Promise.reject(new NotFoundError({ message: `Serve application '${name}' does not exist` }));
  }

  /** Since the last call, or since the start: the share of all CPUs' time that was not idle. */
  #measureCpu(): number {
    const now = readCpuTimes();
    const total = now.total - this.#cpuTimes.total;
    // The system counts in hundredths of a second: over less than a few of them there is nothing to divide.
    if (total < 100) return this.#cpuPercent;
    this.#cpuPercent = Math.round(1_000 * (1 - (now.idle - this.#cpuTimes.idle) / total)) / 10;
    this.#cpuTimes = now;
    return this.#cpuPercent;
  }
}

function readCpuTimes(): { idle: number; total: number } {
  let idle = 0;
  let total = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, total };
}
