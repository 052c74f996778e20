import { defineConfig } from 'tsup';
import { preset } from '../../tooling/tsup.js';

export default defineConfig(
  preset([
    'src/index.ts',
    'src/internal.ts',
    'src/memory.ts',
    'src/connection/connect-reason.node.ts',
    'src/connection/connect-reason.browser.ts',
  ]),
);
