import { InvalidArgumentError } from '@raywire/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RuntimeEnv } from '../index.js';
import { runtimeEnvKind } from './runtime-env-kind.js';

const check = (given: unknown): RuntimeEnv => runtimeEnvKind().check(given, 'submitJob: runtimeEnv');

function refusal(given: unknown): string {
  try {
    check(given);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidArgumentError);
    return (error as Error).message;
  }
  throw new Error('It was expected to be refused.');
}

test('what Ray takes passes as it is, with null for None and the fields of plugins', () => {
  const environments: RuntimeEnv[] = [
    {
      env_vars: { LEVEL: 'debug', EMPTY: '' },
      working_dir: 'gcs://a.zip',
      py_modules: ['s3://b.whl'],
      excludes: ['', '*.bin'],
    },
    { pip: ['torch==2.9'] },
    { pip: 'requirements.txt', uv: undefined },
    {
      pip: { packages: 'requirements.txt', pip_check: true, pip_version: '==24.0', pip_install_options: [] },
    },
    { uv: { packages: ['torch==2.9'], uv_check: true, uv_pip_install_options: ['--no-cache'] } },
    { conda: { dependencies: ['codecov'] } },
    { conda: 'pytorch_p36', pip: null } as never,
    { image_uri: 'rayproject/ray:2.60.0', config: { setup_timeout_seconds: -1, eager_install: false } },
    { container: { image: 'rayproject/ray:2.60.0' }, nsight: 'default', _ray_commit: 'abc', _nsight: {} },
    { java_jars: ['s3://a.jar'], my_plugin: { any: 'thing' }, k8s: 1, dask: [2] },
  ];
  for (const environment of environments) expect(check(environment)).toBe(environment);
});

test.each([
  [[], 'submitJob: runtimeEnv must be an object, but is an array.'],
  [{ envVars: { A: 'b' } }, 'submitJob: runtimeEnv has no field "envVars": did you mean env_vars?'],
  [{ env_vras: {} }, 'has no field "env_vras": did you mean env_vars?'],
  [{ env: {} }, 'did you mean env_vars?'],
  [{ pypi: ['torch'] }, 'has no field "pypi": did you mean pip?'],
  [{ workingDir: '.' }, 'did you mean working_dir?'],
  [{ workingDirectory: '.' }, 'did you mean working_dir?'],
  [{ pyModules: [] }, 'did you mean py_modules?'],
  [{ py_module: [] }, 'did you mean py_modules?'],
  [{ exclude: [] }, 'did you mean excludes?'],
  [{ imageUri: 'x' }, 'did you mean image_uri?'],
  [
    { pip: { packages: [], pipCheck: true } },
    'runtimeEnv.pip has no field "pipCheck": did you mean pip_check?',
  ],
  [{ config: { setupTimeoutSeconds: 1 } }, 'runtimeEnv.config has no field "setupTimeoutSeconds"'],
  [{ env_vars: { PORT: 8080 } }, 'submitJob: runtimeEnv.env_vars.PORT must be a string, but is a number.'],
  [{ env_vars: { DEBUG: true } }, 'DEBUG must be a string, but is a boolean.'],
  [{ env_vars: { HOME: undefined } }, 'HOME must be a string, but is undefined.'],
  [{ env_vars: { A: null } }, 'A must be a string, but is null.'],
  [{ env_vars: ['A=b'] }, 'env_vars must be an object, but is an array.'],
  [{ working_dir: 5 }, 'runtimeEnv.working_dir must be a string that is not empty, but is 5.'],
  [{ working_dir: '' }, 'working_dir must be'],
  [{ py_modules: './pkg' }, 'py_modules must be an array, but is "./pkg".'],
  [{ py_modules: ['a', 1] }, 'py_modules[1] must be'],
  [{ excludes: '*.bin' }, 'excludes must be an array'],
  [{ pip: 1 }, 'runtimeEnv.pip must be an object, but is a number.'],
  [{ pip: [1] }, 'pip[0] must be a string'],
  [{ uv: { packages: 'requirements.txt' } }, 'uv.packages must be an array'],
  [{ config: { setup_timeout_seconds: '60' } }, 'setup_timeout_seconds must be a whole number of seconds'],
  [{ pip: ['a'], conda: 'b' }, 'submitJob: runtimeEnv: pip and conda exclude each other; pass one of them.'],
])('%j is refused, with the place and the remedy', (given, message) => {
  expect(refusal(given)).toContain(message);
});

test('a variable that is not a string is never shown: it may be a secret', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1_000, max: 1e9 }), (secret) => {
      expect(refusal({ env_vars: { TOKEN: secret } })).not.toContain(String(secret));
    }),
  );
});

test('whatever is given, it passes untouched or is refused as bad input', () => {
  const names = fc.oneof(
    fc.string(),
    fc.constantFrom('pip', 'uv', 'conda', 'env_vars', 'config', '__proto__'),
  );
  fc.assert(
    fc.property(fc.dictionary(names, fc.jsonValue()), (given) => {
      const before = JSON.stringify(given);
      try {
        expect(check(given)).toBe(given);
      } catch (error) {
        if (!InvalidArgumentError.isInstance(error)) throw error;
      }
      expect(JSON.stringify(given)).toBe(before);
    }),
  );
});
