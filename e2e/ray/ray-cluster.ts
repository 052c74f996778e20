import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePorts } from '@raywire/testing';
import { isAlive, type ProcessIdentity, processTree } from './process-tree.ts';
import { pythonEnvironment } from './python-environment.ts';

/** What kind of cluster to start. */
export interface RayClusterOptions {
  /** Token mode: every request must carry this one. */
  token?: string;
  /** `RAY_STATE_SERVER_MAX_HTTP_REQUEST`: how many State API calls may run at once. */
  maxStateRequests?: number;
  /** `RAY_MAX_LIMIT_FROM_DATA_SOURCE`: how many rows the State API looks at, at most. Ray's own default is 10,000. */
  maxStateRows?: number;
  /** `RAY_ROTATION_MAX_BYTES` and `RAY_ROTATION_BACKUP_COUNT`. Ray's own defaults are 512 MiB and 5. */
  rotation?: { maxBytes: number; backups: number };
  /** Default 2. */
  cpus?: number;
  /** That Ray is told of; none are used. Default 0. */
  gpus?: number;
  /** On which address of loopback the head's node is. Default `127.0.0.1`, where it takes no further node. */
  host?: string;
}

/** A further node. */
export interface RayNodeOptions extends Pick<RayClusterOptions, 'cpus' | 'gpus'> {
  /** On which address of loopback it is, another one than the head's. */
  host: string;
  /** What only this node has, so that work can be sent there. */
  resources: Record<string, number>;
}

const STARTS_WITHIN_MS = 90_000;
const ENDS_WITHIN_MS = 15_000;

/** A head node of a real Ray on free loopback ports, in processes of our own. */
export class RayCluster {
  /** The dashboard, for example `http://127.0.0.1:40123`. */
  readonly address: string;
  /** The node agent, which serves the log files. */
  readonly agentAddress: string;
  /** Of the head's node. */
  readonly host: string;
  readonly gcsPort: number;
  /** Ray's own programs: `python`, `ray`, `serve`. */
  readonly bin: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly #processes: ChildProcess[];
  readonly #folder: string;
  readonly #token: string | undefined;

  private constructor(given: {
    host: string;
    ports: number[];
    bin: string;
    environment: NodeJS.ProcessEnv;
    process: ChildProcess;
    folder: string;
    token: string | undefined;
  }) {
    const [gcs, dashboard, agent] = given.ports as [number, number, number];
    this.gcsPort = gcs;
    this.address = `http://127.0.0.1:${dashboard}`;
    this.host = given.host;
    this.agentAddress = `http://${given.host}:${agent}`;
    this.bin = given.bin;
    this.environment = given.environment;
    this.#processes = [given.process];
    this.#folder = given.folder;
    this.#token = given.token;
  }

  /** Starts a head and waits until its dashboard and its job agent answer. */
  static async start(options: RayClusterOptions = {}): Promise<RayCluster> {
    const bin = await pythonEnvironment();
    const ports = await freePorts(4);
    const [gcs, dashboard, agent, client] = ports;
    const { host = '127.0.0.1' } = options;
    // Ray puts sockets below it, and their paths may have 107 characters at most.
    const folder = mkdtempSync('/tmp/rw-');
    const environment: NodeJS.ProcessEnv = {
      ...withoutRay(process.env),
      PATH: `${bin}:${process.env.PATH ?? ''}`,
      // What Serve imports.
      PYTHONPATH: fileURLToPath(new URL('python', import.meta.url)),
      // Off, as Windows has it, a cluster has one node; on, 127.0.0.1 (and it alone) becomes the machine's interface.
      RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER: host === '127.0.0.1' ? '0' : '1',
      ...(options.token !== undefined && { RAY_AUTH_MODE: 'token', RAY_AUTH_TOKEN: options.token }),
      ...(options.maxStateRequests !== undefined && {
        RAY_STATE_SERVER_MAX_HTTP_REQUEST: String(options.maxStateRequests),
      }),
      ...(options.rotation !== undefined && {
        RAY_ROTATION_MAX_BYTES: String(options.rotation.maxBytes),
        RAY_ROTATION_BACKUP_COUNT: String(options.rotation.backups),
      }),
      ...(options.maxStateRows !== undefined && {
        RAY_MAX_LIMIT_FROM_DATA_SOURCE: String(options.maxStateRows),
      }),
    };
    const started = startRay({ bin, folder, environment }, [
      ...['--head', `--node-ip-address=${host}`, `--temp-dir=${folder}`, '--disable-usage-stats'],
      ...['--dashboard-host=127.0.0.1', `--dashboard-port=${dashboard}`, `--port=${gcs}`],
      ...[`--dashboard-agent-listen-port=${agent}`, `--ray-client-server-port=${client}`],
      ...sizeOf(options),
    ]);
    const { token } = options;
    const cluster = new RayCluster({
      host,
      ports,
      bin,
      environment,
      process: started.process,
      folder,
      token,
    });
    await cluster.#whenReady(started, [
      `${cluster.address}/api/version`,
      `${cluster.address}/api/jobs/`,
      `${cluster.agentAddress}/logs/`,
    ]);
    return cluster;
  }

  /** Adds a node, and waits until its agent answers. Resolves to that agent's address. */
  async addNode({ host, resources, ...size }: RayNodeOptions): Promise<string> {
    const [agent] = (await freePorts(1)) as [number];
    const { bin, environment } = this;
    const started = startRay({ bin, folder: this.#folder, environment }, [
      ...[`--address=${this.host}:${this.gcsPort}`, `--node-ip-address=${host}`],
      ...[`--dashboard-agent-listen-port=${agent}`, `--resources=${JSON.stringify(resources)}`],
      ...sizeOf(size),
    ]);
    this.#processes.push(started.process);
    const agentAddress = `http://${host}:${agent}`;
    await this.#whenReady(started, [`${agentAddress}/logs/`]);
    return agentAddress;
  }

  /** A job's log as it stands on the disk of the head. */
  driverLog(submissionId: string): Buffer {
    return readFileSync(this.logFile(`job-driver-${submissionId}.log`));
  }

  logFile(name: string): string {
    return join(this.#folder, 'session_latest', 'logs', name);
  }

  /** Ends every process of this cluster, by ID, and removes its files. */
  async stop(): Promise<void> {
    const roots = this.#processes.flatMap(({ pid }) => pid ?? []);
    const tree = roots.flatMap(processTree);
    const gone = async (withinMs: number): Promise<boolean> => {
      for (const end = performance.now() + withinMs; tree.some(isAlive); await delay(100)) {
        if (performance.now() > end) return false;
      }
      return true;
    };
    for (const process of this.#processes) if (process.exitCode === null) process.kill('SIGTERM');
    if (!(await gone(ENDS_WITHIN_MS))) {
      for (const process of [...tree, ...roots.flatMap(processTree)]) kill(process);
      await gone(ENDS_WITHIN_MS);
    }
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  /** @throws when a process has ended, or these URLs do not answer in time; the cluster is stopped then */
  async #whenReady({ process, output }: StartedRay, urls: readonly string[]): Promise<void> {
    const exited = once(process, 'exit').then(([code]) => {
      throw new Error(`it ended with code ${code}`);
    });
    exited.catch(() => undefined);
    const deadline = performance.now() + STARTS_WITHIN_MS;
    const answers = async (url: string): Promise<void> => {
      while ((await statusOf(url, this.#token)) !== 200) {
        if (performance.now() > deadline) throw new Error(`no answer within ${STARTS_WITHIN_MS} ms`);
        await delay(200);
      }
    };
    try {
      for (const url of urls) await Promise.race([exited, answers(url)]);
    } catch (error) {
      await this.stop();
      throw new Error(`Ray did not start: ${(error as Error).message}\n${output()}`);
    }
  }
}

/** `ray start` on its way, and what it has printed last. */
interface StartedRay {
  process: ChildProcess;
  output(): string;
}

function startRay(
  { bin, folder, environment }: { bin: string; folder: string; environment: NodeJS.ProcessEnv },
  words: readonly string[],
): StartedRay {
  const child = spawn(
    join(bin, 'ray'),
    // Any free port for workers, so that those that were chosen cannot be among them.
    ['start', '--block', '--min-worker-port=0', '--max-worker-port=0', ...words],
    { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_000);
    });
  }
  return { process: child, output: () => output };
}

function sizeOf({ cpus = 2, gpus = 0 }: Pick<RayClusterOptions, 'cpus' | 'gpus'>): string[] {
  return [`--num-cpus=${cpus}`, `--num-gpus=${gpus}`, '--object-store-memory=100000000'];
}

function kill(process: ProcessIdentity): void {
  if (!isAlive(process)) return;
  try {
    globalThis.process.kill(process.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function statusOf(url: string, token: string | undefined): Promise<number | undefined> {
  return new Promise((resolve) => {
    // Ray 2.40 answers 500 without it.
    const agent = { 'user-agent': 'raywire' };
    const headers = token === undefined ? agent : { ...agent, authorization: `Bearer ${token}` };
    const request = get(url, { headers, timeout: 5_000, agent: false }, (response) => {
      response.resume();
      response.on('close', () => resolve(response.statusCode));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
  });
}

/** A Ray of the developer's own must neither be joined nor change ours. */
function withoutRay(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('RAY_')));
}
