import { expect, expectTypeOf, test } from 'vitest';
import type { Job, RuntimeEnv, SubmitJobOptions } from '../index.js';

test('a runtime environment has the fields of Ray, and those of plugins', () => {
  const environments: RuntimeEnv[] = [
    {
      env_vars: { LEVEL: 'debug' },
      working_dir: 'gcs://a.zip',
      py_modules: ['s3://b.whl'],
      excludes: ['*.bin'],
    },
    { pip: ['torch==2.9'] },
    { pip: { packages: ['torch==2.9'], pip_check: true, pip_version: '==24.0', pip_install_options: [] } },
    { uv: { packages: ['torch==2.9'], uv_check: true } },
    { conda: { dependencies: ['codecov'] } },
    { image_uri: 'rayproject/ray:2.60.0', config: { setup_timeout_seconds: 60, eager_install: false } },
    { container: { image: 'rayproject/ray:2.60.0', run_options: ['--cap-drop SYS_ADMIN'] } },
    { nsight: 'default', py_executable: 'python3', a_plugin: { any: 'thing' } },
    { mpi: { args: ['-n', '4'], worker_entry: 'module.function' } },
    // @ts-expect-error: a variable is a string
    { env_vars: { LEVEL: 1 } },
    // @ts-expect-error: `pip` with options names its packages
    { pip: { pip_check: true } },
    // @ts-expect-error: misspelt
    { uv: { packages: [], uv_chek: true } },
    // @ts-expect-error: seconds are a number
    { config: { setup_timeout_seconds: '60' } },
  ];
  expect(environments).toHaveLength(13);
  expectTypeOf<SubmitJobOptions['runtimeEnv']>().toEqualTypeOf<RuntimeEnv | undefined>();
  expectTypeOf<Job['runtime_env']>().toEqualTypeOf<RuntimeEnv | null | undefined>();
});
