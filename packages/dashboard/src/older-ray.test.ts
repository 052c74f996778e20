import { UnsupportedByServerError } from '@raywire/core';
import { sendJson, startServer } from '@raywire/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DashboardClient } from './dashboard-client.js';

/** A head that knows these routes, and answers to all others as Ray's web server does. */
const startHead = (routes: Record<string, object>) =>
  startServer(({ method, url }, response) => {
    const body = routes[`${method} ${url.split('?')[0]}`];
    if (body === undefined) response.writeHead(404, { 'content-type': 'text/plain' }).end('404: Not Found');
    else sendJson(response, 200, body);
  });

describe('a Ray that is older than a route', () => {
  let head: Awaited<ReturnType<typeof startHead>>;
  let client: DashboardClient;
  beforeEach(async () => {
    const version = { version: '3', ray_version: '1.12.0', ray_commit: 'abc' };
    head = await startHead({ 'GET /api/version': version });
    client = new DashboardClient({ address: head.url, token: 'token-of-this-test' });
  });
  afterEach(async () => {
    await client.close();
    await head.close();
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
