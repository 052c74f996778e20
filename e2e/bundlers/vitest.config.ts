import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { preset } from '../../tooling/vitest.ts';

/** Other people's build chains: `pnpm test:bundlers`. */
export default defineConfig({
  test: {
    ...preset,
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: [
      ...(preset.globalSetup as string[]),
      fileURLToPath(new URL('laboratory/user-project.ts', import.meta.url)),
    ],
    // A build with a minifier takes a minute on a busy machine.
    testTimeout: 180_000,
    // Chromium may have to be installed first.
    hookTimeout: 300_000,
  },
});
