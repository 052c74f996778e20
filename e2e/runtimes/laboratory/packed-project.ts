import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A user's project: the packages installed from tarballs, and the programs of the suite beside them. */
    packedProject: string;
  }
}

const run = promisify(execFile);
const packages = join(import.meta.dirname, '..', '..', '..', 'packages');
const PACKED = ['core', 'network', 'ray', 'transport-ws', 'transport-http', 'agent', 'dashboard'];

/** Packs the client packages as they would be published, and installs them as a user would; once for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'raywire-runtimes-'));
  const manifest = { name: 'a-user', private: true, type: 'module' };
  await writeFile(join(directory, 'package.json'), JSON.stringify(manifest));
  for (const name of PACKED) {
    await run('pnpm', ['pack', '--pack-destination', directory], { cwd: join(packages, name) });
  }
  const tarballs = (await readdir(directory)).filter((name) => name.endsWith('.tgz'));
  const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', [...install, ...tarballs.map((name) => `./${name}`)], { cwd: directory });
  await cp(join(import.meta.dirname, '..', 'program'), directory, { recursive: true });
  project.provide('packedProject', directory);
  return () => rm(directory, { recursive: true, force: true });
}
