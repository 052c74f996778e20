import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A gateway of the local driver in a process of its own. */
export interface GatewayProcess {
  url: string;
  /** Stops the process, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  close(): Promise<void>;
}

const script = fileURLToPath(new URL('../../servers/gateway-process.mjs', import.meta.url));

/** Starts one, with a directory that goes with it. */
export async function spawnGateway(
  token: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<GatewayProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'raywire-gateway-process-'));
  const child = spawn(process.execPath, [script, directory, '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment, RAYWIRE_AGENT_TOKEN: token },
  });
  const exited = once(child, 'exit');
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    url: line.toString().trim(),
    signal: (signal) => child.kill(signal),
    async close() {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
