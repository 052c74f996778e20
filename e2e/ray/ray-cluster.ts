import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePorts } from './free-ports.ts';
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
  /** Default 2. */
  cpus?: number;
}

const STARTS_WITHIN_MS = 90_000;
const ENDS_WITHIN_MS = 15_000;

/** A head node of a real Ray on free loopback ports, in processes of our own. */
export class RayCluster {
  /** The dashboard, for example `http://127.0.0.1:40123`. */
  readonly address: string;
  /** The node agent, which serves the log files. */
  readonly agentAddress: string;
  readonly gcsPort: number;
  /** Ray's own programs: `python`, `ray`, `serve`. */
  readonly bin: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(given: {
    ports: number[];
    bin: string;
    environment: NodeJS.ProcessEnv;
    process: ChildProcess;
    folder: string;
  }) {
    const [gcs, dashboard, agent] = given.ports as [number, number, number];
    this.gcsPort = gcs;
    this.address = `http://127.0.0.1:${dashboard}`;
    this.agentAddress = `http://127.0.0.1:${agent}`;
    this.bin = given.bin;
    this.environment = given.environment;
    this.#process = given.process;
    this.#folder = given.folder;
  }

  /** Starts a head and waits until its dashboard and its job agent answer. */
  static async start(options: RayClusterOptions = {}): Promise<RayCluster> {
    const bin = await pythonEnvironment();
    const ports = await freePorts(4);
    const [gcs, dashboard, agent, client] = ports;
    // Ray puts sockets below it, and their paths may have 107 characters at most.
    const folder = mkdtempSync('/tmp/rw-');
    const environment: NodeJS.ProcessEnv = {
      ...withoutRay(process.env),
      PATH: `${bin}:${process.env.PATH ?? ''}`,
      // What Serve imports.
      PYTHONPATH: fileURLToPath(new URL('python', import.meta.url)),
      // Without it Ray on Linux turns 127.0.0.1 into the machine's own interface.
      RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER: '0',
      ...(options.token !== undefined && { RAY_AUTH_MODE: 'token', RAY_AUTH_TOKEN: options.token }),
      ...(options.maxStateRequests !== undefined && {
        RAY_STATE_SERVER_MAX_HTTP_REQUEST: String(options.maxStateRequests),
      }),
      ...(options.maxStateRows !== undefined && {
        RAY_MAX_LIMIT_FROM_DATA_SOURCE: String(options.maxStateRows),
      }),
    };
    const child = spawn(
      join(bin, 'ray'),
      [
        ...['start', '--head', '--block', '--disable-usage-stats', '--node-ip-address=127.0.0.1'],
        ...['--dashboard-host=127.0.0.1', `--dashboard-port=${dashboard}`, `--port=${gcs}`],
        ...[`--dashboard-agent-listen-port=${agent}`, `--ray-client-server-port=${client}`],
        // Any free port, so that the four above cannot be among them.
        ...['--min-worker-port=0', '--max-worker-port=0', `--temp-dir=${folder}`],
        ...[`--num-cpus=${options.cpus ?? 2}`, '--object-store-memory=100000000'],
      ],
      { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-4_000);
      });
    }
    const cluster = new RayCluster({ ports, bin, environment, process: child, folder });
    try {
      await cluster.#untilReady(options.token);
    } catch (error) {
      await cluster.stop();
      throw new Error(`Ray did not start: ${(error as Error).message}\n${output}`);
    }
    return cluster;
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
    const { pid } = this.#process;
    if (pid === undefined) return;
    const tree = processTree(pid);
    const gone = async (withinMs: number): Promise<boolean> => {
      for (const end = performance.now() + withinMs; tree.some(isAlive); await delay(100)) {
        if (performance.now() > end) return false;
      }
      return true;
    };
    if (this.#process.exitCode === null) this.#process.kill('SIGTERM');
    if (!(await gone(ENDS_WITHIN_MS))) {
      for (const process of [...tree, ...processTree(pid)]) kill(process);
      await gone(ENDS_WITHIN_MS);
    }
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  async #untilReady(token: string | undefined): Promise<void> {
    const exited = once(this.#process, 'exit').then(([code]) => {
      throw new Error(`it ended with code ${code}`);
    });
    const deadline = performance.now() + STARTS_WITHIN_MS;
    const answers = async (url: string): Promise<void> => {
      while ((await statusOf(url, token)) !== 200) {
        if (performance.now() > deadline) throw new Error(`no answer within ${STARTS_WITHIN_MS} ms`);
        await delay(200);
      }
    };
    exited.catch(() => undefined);
    await Promise.race([exited, answers(`${this.address}/api/version`)]);
    await Promise.race([exited, answers(`${this.address}/api/jobs/`)]);
    await Promise.race([exited, answers(`${this.agentAddress}/logs/`)]);
  }
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
