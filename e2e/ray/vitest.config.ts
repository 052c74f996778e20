import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { preset } from '../../tooling/vitest.ts';
import { IS_OLDER_RAY } from './python-environment.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  test: {
    ...preset,
    root: here,
    include: ['*.test.ts'],
    // Ray 2.40 has no token mode.
    exclude: IS_OLDER_RAY ? ['token.test.ts'] : [],
    globalSetup: [
      ...(preset.globalSetup as string[]),
      fileURLToPath(new URL('shared-cluster.ts', import.meta.url)),
    ],
    // A Ray takes both cores as it is.
    maxWorkers: 1,
    // Jobs mostly wait: for Ray, and for each other.
    maxConcurrency: 6,
    testTimeout: 120_000,
    hookTimeout: 600_000,
  },
});
