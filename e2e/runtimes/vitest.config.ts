import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { preset } from '../../tooling/vitest.ts';

/** The runtime matrix: `pnpm test:runtimes`. */
export default defineConfig({
  test: {
    ...preset,
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: [
      ...(preset.globalSetup as string[]),
      fileURLToPath(new URL('laboratory/packed-project.ts', import.meta.url)),
    ],
    testTimeout: 60_000,
    // A runtime may have to be installed first.
    hookTimeout: 300_000,
  },
});
