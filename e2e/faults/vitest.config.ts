import { defineConfig } from 'vitest/config';
import { preset } from '../../tooling/vitest.ts';
import { WaitingFirst } from './lab/waiting-first.ts';

/** The fault laboratory: `pnpm test:faults`; with `RAYWIRE_LONG=1` it tries everything, not a sample. */
export default defineConfig({
  test: {
    ...preset,
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    testTimeout: process.env.RAYWIRE_LONG === '1' ? 3_600_000 : 120_000,
    // A package of Debian's may have to be installed first.
    hookTimeout: 120_000,
    sequence: { sequencer: WaitingFirst },
  },
});
