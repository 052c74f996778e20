import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { findDebianCommand } from '../../debian-command.ts';

const run = promisify(execFile);
const tools = join(import.meta.dirname, '..', '..', '..', '.tools');

/** Tried, and the same for everybody; too large for the install that `npm test` does. */
const BUN = '1.4.5';
const DENO = '2.9.6';
const NODE_20 = '20.19.5';

/** A Node 20 of this machine, as old as the packages allow; else one from npm. */
export async function findNode20(): Promise<string> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const node = join(folder, 'node');
    if (!existsSync(node)) continue;
    const { stdout } = await run(node, ['--version']);
    const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(stdout) ?? [];
    if (major === '20' && Number(minor) >= 19) return node;
  }
  return installed('node', NODE_20, 'node/bin/node');
}

/** Bun, from npm. */
export function findBun(): Promise<string> {
  return installed('bun', BUN, '.bin/bun');
}

/** Deno, from npm. */
export function findDeno(): Promise<string> {
  return installed('deno', DENO, '.bin/deno');
}

/** Chromium of this machine; else Debian's, where that can be installed. */
export function findChromium(): Promise<string> {
  return findDebianCommand('chromium');
}

/** Installs a package into the git-ignored `.tools`, unless it is there. */
async function installed(name: string, version: string, binary: string): Promise<string> {
  const prefix = join(tools, `${name}-${version}`);
  const file = join(prefix, 'node_modules', binary);
  if (existsSync(file)) return file;
  const options = ['--no-save', '--no-package-lock', '--no-audit', '--no-fund'];
  try {
    await run('npm', ['install', '--prefix', prefix, ...options, `${name}@${version}`]);
    await run(file, ['--version']);
  } catch (error) {
    await rm(prefix, { recursive: true, force: true });
    throw error;
  }
  return file;
}
