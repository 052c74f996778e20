import { spawn } from 'node:child_process';

/**
 * Runs a program in a fresh process and gives what it printed.
 *
 * @throws {Error} when it failed, or took longer than `timeoutMs`
 */
export function runProgram(command: readonly string[], timeoutMs = 60_000): Promise<string> {
  const [file, ...parameters] = command as [string, ...string[]];
  return new Promise((resolve, reject) => {
    const child = spawn(file, parameters, { stdio: ['ignore', 'pipe', 'inherit'], timeout: timeoutMs });
    const printed: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => printed.push(text));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(printed.join(''));
      else reject(new Error(`${command.join(' ')} ended with ${signal ?? code}`));
    });
  });
}
