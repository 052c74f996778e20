import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from '@raywire/core';

/** A variable of the process's environment; empty is as good as absent. */
export function readEnvironment(name: string): string | undefined {
  return process.env[name] || undefined;
}

/**
 * The token where Ray's own clients look for it: `RAY_AUTH_TOKEN`, the file that `RAY_AUTH_TOKEN_PATH` names, then
 * `~/.ray/auth_token`.
 *
 * @throws {InvalidArgumentError} when `RAY_AUTH_TOKEN_PATH` names a file that cannot be read, or is empty
 */
export function findRayToken(): string | undefined {
  const token = readEnvironment('RAY_AUTH_TOKEN')?.trim();
  if (token) return token;
  const path = readEnvironment('RAY_AUTH_TOKEN_PATH');
  if (path !== undefined) {
    const named = readText(path);
    if (named) return named;
    throw new InvalidArgumentError({
      code: 'TOKEN_UNREADABLE',
      message:
        'RAY_AUTH_TOKEN_PATH names a file that cannot be read or is empty. Correct it, or pass the token option.',
    });
  }
  return readText(join(homedir(), '.ray', 'auth_token')) || undefined;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    // Whether that matters, the caller knows.
    return undefined;
  }
}
