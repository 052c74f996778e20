import { defineConfig } from 'vitest/config';
import { preset } from '../tooling/vitest.ts';

export default defineConfig({
  test: {
    ...preset,
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    // An install from the registry, and a job of five seconds.
    testTimeout: 120_000,
  },
});
