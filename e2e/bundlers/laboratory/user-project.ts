import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { installPacked } from '../../install-packed.ts';
import { buildChains } from './build-chains.ts';
import { readmeFiles } from './readme.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A user's project: the packages from tarballs, the tools, the files of the README, and the suite's programs. */
    userProject: string;
  }
}

/** Makes the project, once for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Inside of the tools, so that they are found from it.
  const directory = await mkdtemp(join(await buildChains(), 'user-'));
  await writeFile(join(directory, 'package.json'), JSON.stringify({ name: 'a-user', private: true }));
  await installPacked(directory);
  await cp(join(import.meta.dirname, '..', 'program'), directory, { recursive: true });
  for (const [name, text] of readmeFiles()) await writeFile(join(directory, name), text);
  project.provide('userProject', directory);
  return () => rm(directory, { recursive: true, force: true });
}
