import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What stands in a Python environment, and where. */
export interface PythonEnvironmentOptions {
  /** The environment's own folder: whatever else is in there is removed. */
  folder: string;
  /** What each call of `pip install` is given, in order: requirements, and options of its own. */
  installs: readonly (readonly string[])[];
}

const run = promisify(execFile);

/** Whether such an environment stands already, whole and with the same in it. */
export function isPythonEnvironmentMade({ folder, installs }: PythonEnvironmentOptions): boolean {
  const stamp = stampOf(folder);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === contentOf(installs);
}

/**
 * A Python environment with packages in it, made once and kept: resolves to its `bin` folder.
 *
 * @throws {Error} when there is no `python3` with `venv`, or pip cannot install; the message has pip's last words
 */
export async function makePythonEnvironment(options: PythonEnvironmentOptions): Promise<string> {
  const { folder, installs } = options;
  const bin = join(folder, 'bin');
  if (isPythonEnvironmentMade(options)) return bin;
  // A half-made one is not mended but made anew.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await run('python3', ['-m', 'venv', folder]);
  for (const wanted of installs) await install(join(bin, 'pip'), wanted);
  writeFileSync(stampOf(folder), contentOf(installs));
  return bin;
}

async function install(pip: string, wanted: readonly string[]): Promise<void> {
  const quietly = ['install', '--quiet', '--disable-pip-version-check', '--no-input'];
  await run(pip, [...quietly, ...wanted], { maxBuffer: 16 * 1024 * 1024 }).catch(
    (error: { stderr?: string }) => {
      const lastWords = (error.stderr ?? '')
        .trim()
        .split('\n')
        .slice(-3)
        .join('\n')
        .replaceAll(/https?:\/\/\S+/g, '<index>');
      throw new Error(`pip could not install ${wanted.join(' ')}: ${lastWords}`);
    },
  );
}

function stampOf(folder: string): string {
  return join(folder, 'raywire-stamp');
}

function contentOf(installs: readonly (readonly string[])[]): string {
  return installs.flat().join('\n');
}
