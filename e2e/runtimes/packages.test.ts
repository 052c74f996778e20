import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { bundleForBrowsers } from './laboratory/bundle.js';
import { findNode20 } from './laboratory/tools.js';

const run = promisify(execFile);

describe('on Node 20, require() gives', () => {
  let node: string;

  beforeAll(async () => {
    node = await findNode20();
  }, 300_000);

  test.each([
    ['@raywire/core', 'BaseClient'],
    ['@raywire/core/memory', 'memoryTransport'],
    ['@raywire/network', 'StreamLimits'],
    ['@raywire/ray', 'createRayClient'],
    ['@raywire/transport-ws', 'webSocketTransport'],
    ['@raywire/transport-http', 'httpTransport'],
    ['@raywire/agent', 'AgentClient'],
    ['@raywire/dashboard', 'DashboardClient'],
  ])('%s, the same as import()', async (name, symbol) => {
    const program = `
      const { ${symbol}: required } = require('${name}');
      import('${name}').then((module) => console.log(typeof required, required === module.${symbol}));
    `;
    const { stdout } = await run(node, ['-e', program], { cwd: inject('packedProject') });
    expect(stdout).toBe('function true\n');
  });
});

test('on Node 20, the local driver of @raywire/gateway says which Node it needs', async () => {
  const program = `
    import('@raywire/gateway').then(({ localDriver }) => {
      try {
        localDriver({ directory: 'jobs' });
      } catch (error) {
        console.log(error.message);
      }
    });
  `;
  const { stdout } = await run(await findNode20(), ['-e', program], { cwd: join(import.meta.dirname, '..') });
  expect(stdout).toMatch(/needs Node 22\.13 or later.* this is Node 20\./);
}, 300_000);

describe('a bundle for browsers', () => {
  // Its size is the business of tooling/check-size.ts.
  test.each([
    ['@raywire/agent', 'AgentClient'],
    ['@raywire/dashboard', 'DashboardClient'],
  ])('of %s has no code of Node in it', async (name, symbol) => {
    const program = `import { ${symbol} } from '${name}'; console.log(${symbol});`;
    const { inputs } = await bundleForBrowsers(inject('packedProject'), program, true);
    expect(
      inputs.filter((input) => /node_modules\/(ws|isomorphic-ws|undici)\/|\.node\./.test(input)),
    ).toEqual([]);
  });
});
