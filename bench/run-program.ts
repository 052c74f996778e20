import { spawn } from 'node:child_process';

/**
 * Runs a program in a fresh process and gives what it printed.
 *
 * @throws {Error} when it failed, with what it said, or took longer than `timeoutMs`
 */
export function runProgram(command: readonly string[], timeoutMs = 60_000): Promise<string> {
  const [file, ...parameters] = command as [string, ...string[]];
  return new Promise((resolve, reject) => {
    const child = spawn(file, parameters, { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
    const printed: string[] = [];
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => printed.push(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-4_000);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code !== 0) return reject(new Error(`${command.join(' ')} ended with ${signal ?? code}: ${said}`));
      process.stderr.write(said);
      resolve(printed.join(''));
    });
  });
}
