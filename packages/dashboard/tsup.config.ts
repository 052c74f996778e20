import { defineConfig } from 'tsup';
import { preset } from '../../tooling/tsup.js';

export default defineConfig(
  preset([
    'src/index.ts',
    'src/internal.ts',
    'src/ray-environment.node.ts',
    'src/ray-environment.browser.ts',
    'src/submission/environment-files.node.ts',
    'src/submission/environment-files.browser.ts',
  ]),
);
