import { type ApiClient, type CallOptions, ServerError } from '@raywire/core';

/** What a cluster says of its version. */
export interface RayVersion {
  /** Of the API. */
  version: string;
  ray_version: string;
  ray_commit: string;
  /** Of the cluster's run, `session_2026-…`; also the name of its folder on the nodes. */
  session_name?: string;
}

/** One GPU of one node, as the node reports it. */
export interface Gpu {
  index?: number;
  name?: string;
  uuid?: string;
  /** Percent. */
  utilizationGpu?: number | null;
  /** MiB. */
  memoryUsed?: number;
  /** MiB. */
  memoryTotal?: number;
  processesPids?: GpuProcess[] | null;
  /** Milliwatts; not in Ray 2.40. */
  powerMw?: number | null;
  /** Degrees Celsius; not in Ray 2.40. */
  temperatureC?: number | null;
}

/** A process that uses a GPU. */
export interface GpuProcess {
  pid: number;
  /** MiB. */
  gpuMemoryUsage: number;
  /** Percent; not in Ray 2.40. */
  gpuUtilization?: number | null;
}

// Not an interface: an override of `RayClient.getGpuStatus` must be assignable to `Record<string, unknown>`.
/** The GPUs of the cluster: sums, and each by its node. */
export type GpuStatus = {
  total_gpus: number;
  /** GPUs that Ray has given to tasks and actors; fractions are counted. */
  used_gpus: number;
  available_gpus: number;
  /** MiB. */
  memory_used: number;
  /** MiB. */
  memory_total: number;
  gpus: (Gpu & { node_id: string })[];
};

/** @throws {ClientError} as the server and the network say */
export async function getVersion(api: ApiClient, call: CallOptions): Promise<RayVersion> {
  const { data } = await api.request<RayVersion>({ path: 'api/version', ...call });
  if (typeof data?.ray_version === 'string') return data;
  throw notRay('api/version');
}

/** The autoscaler's view of the cluster, in Ray's own form. */
export async function getClusterStatus(api: ApiClient, call: CallOptions): Promise<Record<string, unknown>> {
  return getData(api, 'api/cluster_status', call);
}

/** What all nodes say of their GPUs, summed. */
export async function getGpuStatus(api: ApiClient, call: CallOptions): Promise<GpuStatus> {
  const [nodes, status] = await Promise.all([
    getData(api, 'nodes?view=summary', call),
    getClusterStatus(api, call),
  ]);
  const summary = Array.isArray(nodes.summary) ? (nodes.summary as NodeSummary[]) : [];
  const gpus = summary.flatMap((node) =>
    (node.gpus ?? []).map((gpu) => ({ ...gpu, node_id: node.raylet?.nodeId ?? '' })),
  );
  const [used = 0, total = 0] = usageOf(status).GPU ?? [];
  return {
    total_gpus: Math.max(total, gpus.length),
    used_gpus: used,
    available_gpus: Math.max(total, gpus.length) - used,
    memory_used: sum(gpus.map((gpu) => gpu.memoryUsed)),
    memory_total: sum(gpus.map((gpu) => gpu.memoryTotal)),
    gpus,
  };
}

interface NodeSummary {
  gpus?: Gpu[];
  raylet?: { nodeId?: string; state?: string };
}

interface ClusterStatus {
  clusterStatus?: { loadMetricsReport?: { usage?: ResourceUsage } } | null;
}

/** By resource. */
type ResourceUsage = Record<string, [used: number, total: number]>;

/** What of a cluster's resources is used; empty while the autoscaler has not reported. */
export function usageOf(status: ClusterStatus): ResourceUsage {
  return status.clusterStatus?.loadMetricsReport?.usage ?? {};
}

async function getData(api: ApiClient, path: string, call: CallOptions): Promise<Record<string, unknown>> {
  const { data } = await api.request<{ data?: Record<string, unknown> }>({ path, ...call });
  if (typeof data?.data !== 'object' || data.data === null) throw notRay(path);
  return data.data;
}

function sum(numbers: readonly (number | undefined)[]): number {
  return numbers.reduce<number>((total, number) => total + (number ?? 0), 0);
}

function notRay(path: string): ServerError {
  return new ServerError({
    statusCode: 502,
    code: 'UNEXPECTED_RESPONSE',
    message: `The answer of ${path} is not that of a Ray dashboard. Check the address.`,
  });
}
