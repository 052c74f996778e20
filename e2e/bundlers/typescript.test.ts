import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { runProgram } from '../runtimes/laboratory/run-program.ts';

const project = inject('userProject');
const tsc = join(import.meta.dirname, '..', '..', 'node_modules', '.bin', 'tsc');

const program = `import { AgentClient, type Job } from '@raywire/agent';
import { DashboardClient } from '@raywire/dashboard';
export const ids = async (client: AgentClient | DashboardClient): Promise<string[]> => {
  const jobs: readonly Job[] = (await client.listJobs()).items;
  return jobs.map((job) => job.id satisfies string);
};
`;

test.each([
  ['an ES module, nodenext', 'types.mts', ['--module', 'nodenext']],
  ['CommonJS, nodenext', 'types.cts', ['--module', 'nodenext']],
  ['a bundler’s', 'types.ts', ['--module', 'esnext', '--moduleResolution', 'bundler']],
])('TypeScript finds the types from %s', async (_name, file, options) => {
  await writeFile(join(project, file), program);
  const lib = ['--target', 'es2022', '--lib', 'es2023,esnext.disposable,dom,dom.iterable,dom.asynciterable'];
  const args = [
    '--ignoreConfig',
    '--noEmit',
    '--types',
    '',
    '--strict',
    '--pretty',
    'false',
    ...lib,
    ...options,
    file,
  ];
  const { stdout, code } = await runProgram(tsc, args, project);
  expect({ stdout, code }).toEqual({ stdout: '', code: 0 });
});
