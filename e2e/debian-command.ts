import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where Debian keeps servers, which is on the PATH of root alone. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin'];

/**
 * A command of this machine; else Debian's, where that can be installed.
 *
 * @throws {Error} where it is missing and apt-get cannot install it
 */
export async function findDebianCommand(command: string, debianPackage: string = command): Promise<string> {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_FOLDERS];
  return findDebianFile(
    folders.map((folder) => join(folder, command)),
    debianPackage,
  );
}

/**
 * The first of these files that is there; if none is, the package that brings one of them is installed.
 *
 * @throws {Error} where none is there and apt-get cannot install the package
 */
export async function findDebianFile(files: readonly string[], debianPackage: string): Promise<string> {
  const found = files.find(existsSync);
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(
      `There is no ${debianPackage} on this machine, and apt-get cannot install it: install it yourself.`,
    );
  }
  // In the run level of maintenance nothing that is installed is started.
  const environment = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' } };
  await run('apt-get', ['update', '-qq'], environment);
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debianPackage], environment);
  const installed = files.find(existsSync);
  if (installed === undefined) throw new Error(`apt-get installed no ${debianPackage}.`);
  return installed;
}
