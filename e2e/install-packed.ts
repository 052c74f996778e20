import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const packages = join(import.meta.dirname, '..', 'packages');
const PACKED = ['core', 'network', 'ray', 'transport-ws', 'transport-http', 'agent', 'dashboard'];

/** Packs the client packages as they would be published, and installs them into a project as a user would. */
export async function installPacked(project: string): Promise<void> {
  for (const name of PACKED) {
    await run('pnpm', ['pack', '--pack-destination', project], { cwd: join(packages, name) });
  }
  const tarballs = (await readdir(project)).filter((name) => name.endsWith('.tgz'));
  const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', [...install, ...tarballs.map((name) => `./${name}`)], { cwd: project });
}
