import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UnsupportedByServerError } from '@raywire/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DashboardClient } from './dashboard-client.js';

/** A head that knows these routes, and answers to all others as Ray's web server does. */
async function startHead(routes: Record<string, object>) {
  const server = createServer((request, response) => {
    const body = routes[`${request.method} ${request.url?.split('?')[0]}`];
    if (body === undefined) response.writeHead(404, { 'content-type': 'text/plain' }).end('404: Not Found');
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('a Ray that is older than a route', () => {
  let head: Awaited<ReturnType<typeof startHead>>;
  let client: DashboardClient;
  beforeEach(async () => {
    const version = { version: '3', ray_version: '1.12.0', ray_commit: 'abc' };
    head = await startHead({ 'GET /api/version': version });
    client = new DashboardClient({ address: head.address, token: 'token-of-this-test' });
  });
  afterEach(async () => {
    await client.close();
    head.server.close();
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['its jobs', () => client.listJobs(), /needs Ray 2\.0/],
    ['a submission', () => client.submitJob({ entrypoint: 'true' }), /needs Ray 2\.0/],
    ['its tasks', () => client.listTasks(), /needs Ray 2\.0/],
    ['its Serve applications', () => client.listServeApplications(), /needs Ray 2\.8/],
  ])('is told when it is asked for %s, with the version that it takes', async (_, ask, message) => {
    await expect(ask()).rejects.toSatisfy((error) => UnsupportedByServerError.isInstance(error));
    await expect(ask()).rejects.toThrow(message);
  });

  it('is healthy all the same', async () => {
    expect(await client.healthCheck()).toMatchObject({ status: 'healthy', ray_version: '1.12.0' });
  });
});
