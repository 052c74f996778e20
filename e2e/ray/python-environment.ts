import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The Ray that the suite is written against. */
const RAY_VERSION: string = process.env.RAYWIRE_RAY_VERSION || '2.60.0';

/** Whether the suite runs against another Ray, of which it asks less. */
export const IS_OLDER_RAY: boolean = RAY_VERSION.startsWith('2.4');

/** Ray pins nothing, and older ones do not run with what is newest: 2.4x imports `pkg_resources`, gone since 81. */
const CONSTRAINTS = ['setuptools<80'];

const run = promisify(execFile);
const folder = fileURLToPath(new URL(`.venv/${RAY_VERSION}`, import.meta.url));

/**
 * A Python environment with Ray in it, made once and kept: resolves to its `bin` folder.
 *
 * @throws when there is no `python3` with `venv`, or pip cannot install Ray; the message has pip's last words
 */
export async function pythonEnvironment(): Promise<string> {
  const bin = join(folder, 'bin');
  const stamp = join(folder, 'raywire-stamp');
  const wanted = [`ray[default,serve]==${RAY_VERSION}`, ...CONSTRAINTS];
  const made = wanted.join('\n');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === made) return bin;
  // A half-made one is not mended but made anew.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await run('python3', ['-m', 'venv', folder]);
  await run(
    join(bin, 'pip'),
    ['install', '--quiet', '--disable-pip-version-check', '--no-input', ...wanted],
    {
      maxBuffer: 16 * 1024 * 1024,
    },
  ).catch((error: { stderr?: string }) => {
    const lastWords = (error.stderr ?? '')
      .trim()
      .split('\n')
      .slice(-3)
      .join('\n')
      .replaceAll(/https?:\/\/\S+/g, '<index>');
    throw new Error(`pip could not install ${wanted.join(' ')}: ${lastWords}`);
  });
  writeFileSync(stamp, made);
  return bin;
}
