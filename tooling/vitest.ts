import { fileURLToPath } from 'node:url';
import type { ViteUserConfig } from 'vitest/config';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** What every vitest run of the repository has in common. */
export const preset: NonNullable<ViteUserConfig['test']> = {
  testTimeout: 15_000,
  // The default of 1 s is too little for a machine that is busy with other workers.
  expect: { poll: { timeout: 10_000 } },
  // Two cores: more workers only take time from each other's sockets.
  maxWorkers: 2,
  globalSetup: [path('fast-check-seed.ts')],
  setupFiles: [path('vitest-setup.ts')],
};
