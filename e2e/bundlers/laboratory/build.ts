import { join } from 'node:path';
import { inject } from 'vitest';
import { type ProgramRun, runProgram } from '../../runtimes/laboratory/run-program.ts';

/**
 * Runs a command of a user's project, with the tools on its path.
 *
 * @throws {Error} when it fails, or warns
 */
export async function build(project: string, command: string): Promise<void> {
  const { stdout, stderr, code } = await runCommand(project, command);
  const said = `${stdout}${stderr}`;
  if (code !== 0 || /warn|\(!\)/i.test(said)) throw new Error(`${command}: code ${code}\n${said}`);
}

/** Runs a command of a user's project to its end. */
export function runCommand(
  project: string,
  command: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ProgramRun> {
  const tools = join(inject('userProject'), '..', 'node_modules', '.bin');
  return runProgram('sh', ['-c', command], project, {
    PATH: `${tools}:${process.env.PATH}`,
    ...environment,
  });
}
