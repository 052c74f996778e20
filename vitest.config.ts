import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tooling/**/*.test.ts'],
    testTimeout: 15_000,
    // Two cores: more workers only take time from each other's sockets.
    maxWorkers: 2,
  },
});
