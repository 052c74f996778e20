import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { installPacked } from '../../install-packed.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A user's project: the packages installed from tarballs, and the programs of the suite beside them. */
    packedProject: string;
  }
}

/** Makes the project, once for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'raywire-runtimes-'));
  const manifest = { name: 'a-user', private: true, type: 'module' };
  await writeFile(join(directory, 'package.json'), JSON.stringify(manifest));
  await installPacked(directory);
  await cp(join(import.meta.dirname, '..', 'program'), directory, { recursive: true });
  project.provide('packedProject', directory);
  return () => rm(directory, { recursive: true, force: true });
}
