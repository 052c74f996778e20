import { spawnSync } from 'node:child_process';
import { closeSync, constants, ftruncateSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidArgumentError } from '@raywire/core';

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const BLOCK_BYTES = 4_096;

/** The shell command that frees a part of a file, which is read as zeros then. The file stays as long as it is. */
export function punchHole(offset: string, length: string, path: string): string {
  return `command -p fallocate -p -o ${offset} -l ${length} ${path}`;
}

/**
 * Tries whether files in a folder can have holes.
 *
 * @throws {InvalidArgumentError} saying what `maxLogBytes` needs
 */
export function requireHoles(folder: string): void {
  const path = join(folder, `.hole-${process.pid}`);
  rmSync(path, { force: true });
  const file = openSync(path, CREATE, 0o600);
  try {
    ftruncateSync(file, 2 * BLOCK_BYTES);
    const { status, stderr, error } = spawnSync(
      '/bin/sh',
      ['-c', punchHole('0', String(BLOCK_BYTES), '"$1"'), 'hole', path],
      { encoding: 'utf8' },
    );
    if (status === 0) return;
    const reason = (error?.message ?? stderr).trim();
    throw new InvalidArgumentError({
      message:
        `localDriver: maxLogBytes cannot be kept in ${folder} (${reason}). It needs Linux, \`fallocate\` of util-linux, ` +
        'and a file system whose files can have holes (ext4, XFS, Btrfs, tmpfs). Use another directory, or leave it out.',
    });
  } finally {
    closeSync(file);
    rmSync(path, { force: true });
  }
}
