import { fileURLToPath } from 'node:url';
import {
  isPythonEnvironmentMade,
  makePythonEnvironment,
  type PythonEnvironmentOptions,
} from '../../tooling/python-environment.ts';

/** The Ray that the suite is written against. */
const RAY_VERSION: string = process.env.RAYWIRE_RAY_VERSION || '2.60.0';

/** Whether the suite runs against another Ray, of which it asks less. */
export const IS_OLDER_RAY: boolean = RAY_VERSION.startsWith('2.4');

/** Ray pins nothing, and older ones do not run with what is newest: 2.4x imports `pkg_resources`, gone since 81. */
const CONSTRAINTS = ['setuptools<80'];

const environment: PythonEnvironmentOptions = {
  folder: fileURLToPath(new URL(`.venv/${RAY_VERSION}`, import.meta.url)),
  installs: [[`ray[default,serve]==${RAY_VERSION}`, ...CONSTRAINTS]],
};

/** Whether Ray is installed already: it takes half a minute and 500 MB. */
export function isPythonEnvironmentReady(): boolean {
  return isPythonEnvironmentMade(environment);
}

/**
 * A Python environment with Ray in it, made once and kept: resolves to its `bin` folder.
 *
 * @throws {Error} when there is no `python3` with `venv`, or pip cannot install Ray; the message has pip's last words
 */
export function pythonEnvironment(): Promise<string> {
  return makePythonEnvironment(environment);
}
