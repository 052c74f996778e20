import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a client in a process of its own is to read. */
export interface TailOfJob {
  url: string;
  token: string;
  jobId: string;
  protocol: string;
}

/** A tail in a process of its own. */
export interface TailProcess {
  child: ChildProcess;
  /** Resolves with its first bytes. */
  begun: Promise<unknown>;
  /** All that it printed, and what it said of its end. */
  ended: Promise<{ output: Buffer; end: { reason: string; reconnects: number; wandered: [number, number] } }>;
  close(): Promise<void>;
}

const script = fileURLToPath(new URL('tail-process.mjs', import.meta.url));

/** Starts one. */
export function spawnTail(
  { url, token, jobId, protocol }: TailOfJob,
  environment: Readonly<Record<string, string>> = {},
): TailProcess {
  const child = spawn(process.execPath, [script, url, token, jobId, protocol], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const ended = once(child, 'close').then(() => ({
    output: Buffer.concat(output),
    end: JSON.parse(Buffer.concat(errors).toString()),
  }));
  return { child, begun: once(child.stdout, 'data'), ended, close: async () => void child.kill('SIGKILL') };
}
