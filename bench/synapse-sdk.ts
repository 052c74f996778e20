import { fileURLToPath } from 'node:url';
import { makePythonEnvironment } from '../tooling/python-environment.ts';

/** The Python Synapse SDK that is measured. */
const SYNAPSE_SDK_VERSION = '2026.2.17';

/**
 * What its clients import. All that it asks for is some 400 MB: it is a plugin runtime too. What does the work of a
 * tail is named by version, since the figures are of these.
 */
const IMPORTED = ['requests==2.34.2', 'websocket-client==1.9.2', 'httpx', 'aiohttp', 'pydantic', 'pyyaml'];

/**
 * A Python environment with the SDK in it, made once and kept: resolves to its `bin` folder.
 *
 * @throws {Error} when there is no `python3` with `venv`, or pip cannot install the SDK
 */
export function synapseSDKEnvironment(): Promise<string> {
  return makePythonEnvironment({
    folder: fileURLToPath(new URL(`.venv/${SYNAPSE_SDK_VERSION}`, import.meta.url)),
    installs: [
      IMPORTED,
      // It says Python 3.12 and later; its clients run on 3.11 as well.
      ['--no-deps', '--ignore-requires-python', `synapse-sdk==${SYNAPSE_SDK_VERSION}`],
    ],
  });
}
