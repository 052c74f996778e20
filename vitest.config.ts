import { defineConfig } from 'vitest/config';
import { preset } from './tooling/vitest.ts';

export default defineConfig({
  test: {
    ...preset,
    include: ['packages/*/{src,test}/**/*.test.ts', 'tooling/**/*.test.ts', 'e2e/documentation/**/*.test.ts'],
  },
});
