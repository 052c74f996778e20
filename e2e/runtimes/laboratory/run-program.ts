import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** What a program did. */
export interface ProgramRun {
  stdout: string;
  stderr: string;
  code: number | null;
  /** From its last output to its exit: what it had left open has kept it alive so long. */
  lingeredMs: number;
}

/** A program that hangs is killed, so that what it said so far can be shown. */
const MAX_RUN_MS = 120_000;

/** Runs a program to its own end. @param environment is added to the variables of this process */
export async function runProgram(
  command: string,
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ProgramRun> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: MAX_RUN_MS,
    killSignal: 'SIGKILL',
  });
  let lastOutputAt = performance.now();
  child.stdout.on('data', () => {
    lastOutputAt = performance.now();
  });
  const exited = once(child, 'exit').then(([code]) => ({
    code: code as number | null,
    at: performance.now(),
  }));
  const [stdout, stderr, { code, at }] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { stdout, stderr, code, lingeredMs: Math.round(at - lastOutputAt) };
}
