import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How a gateway of the local driver runs. */
export interface GatewayProcessOptions {
  token: string;
  /** Where its jobs are. Default: a temporary directory, removed by `close()`. */
  directory?: string;
  /** Default: a free one. */
  port?: number;
  /** Whether its jobs outlive it. Default: yes. */
  keepJobs?: boolean;
  /** The pages that may call it. Default: none. */
  corsOrigins?: readonly string[];
  /** Added to the variables of this process. */
  environment?: Readonly<Record<string, string>>;
}

/** A gateway of the local driver in a process of its own. */
export interface GatewayProcess {
  url: string;
  pid: number;
  signal(signal: NodeJS.Signals): void;
  /** Resolves to the exit code; `null` after a signal. */
  exited: Promise<number | null>;
  /** Ends it, even if it is stopped. */
  close(): Promise<void>;
}

const program = fileURLToPath(new URL('gateway-process.mjs', import.meta.url));

/** Starts one. */
export async function spawnGateway(options: GatewayProcessOptions): Promise<GatewayProcess> {
  const { token, port = 0, keepJobs = true, corsOrigins = [], environment } = options;
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'raywire-gateway-process-')));
  const settings = [directory, String(port), keepJobs ? 'keep' : 'stop', ...corsOrigins];
  const child = spawn(process.execPath, [program, ...settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment, RAYWIRE_AGENT_TOKEN: token },
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const [line] = (await Promise.race([
    once(child.stdout, 'data'),
    exited.then((code) => {
      throw new Error(`The gateway ended with code ${code} before it listened.`);
    }),
  ])) as [Buffer];
  return {
    url: String(line).trim(),
    pid: child.pid as number,
    signal: (signal) => child.kill(signal),
    exited,
    async close() {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      await exited;
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}
