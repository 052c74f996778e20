import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { preset } from '../tooling/vitest.ts';

export default defineConfig({
  test: {
    ...preset,
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['**/*.test.ts'],
    // They start many processes, and none of them is in a hurry.
    testTimeout: 240_000,
    // Python packages are installed once.
    hookTimeout: 300_000,
  },
});
