import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    fastCheckSeed: number;
  }
}

/** Draws the seed of all property tests of a run and prints it; `FAST_CHECK_SEED=<seed>` runs the same cases again. */
export default function announceSeed(project: TestProject): void {
  const given = process.env.FAST_CHECK_SEED;
  const seed = given === undefined ? (Math.random() * 0x7fffffff) | 0 : Number(given);
  if (!Number.isInteger(seed)) throw new Error(`FAST_CHECK_SEED must be an integer, and is ${given}`);
  console.log(`Property tests: FAST_CHECK_SEED=${seed}`);
  project.provide('fastCheckSeed', seed);
}
