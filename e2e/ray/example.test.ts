import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, inject, it } from 'vitest';

it('the example ray-cluster runs a job straight, and watches it through a gateway', async () => {
  const example = fileURLToPath(new URL('../../examples/ray-cluster/ray-cluster.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [example, inject('address')]);
  expect(stdout).toMatch(/^Ray \d+\.\d+\.\d+: 1 of 1 nodes alive$/m);
  expect(stdout).toMatch(/hello 0\nhello 1\nhello 2\nstraight: SUCCEEDED, exit code 0$/m);
  expect(stdout).toMatch(/^through the gateway: 3 hellos over websocket, complete$/m);
});
