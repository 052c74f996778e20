import { defineConfig } from 'tsup';
import { preset } from '../../tooling/tsup.js';

export default defineConfig(
  preset([
    'src/index.ts',
    'src/internal.ts',
    'src/testing.ts',
    'src/environment.node.ts',
    'src/environment.browser.ts',
    'src/agent/event-runs.node.ts',
    'src/agent/event-runs.browser.ts',
    'src/lines/mix-blocks.node.ts',
    'src/lines/mix-blocks.browser.ts',
    'src/lines/utf8.node.ts',
    'src/lines/utf8.browser.ts',
    'src/local-files/local-files.node.ts',
    'src/local-files/local-files.browser.ts',
    'src/source/canonical-bytes.node.ts',
    'src/source/canonical-bytes.browser.ts',
  ]),
);
