import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentClient } from '@raywire/agent';
import { NotFoundError, UnsupportedByServerError } from '@raywire/core';
import { DashboardClient } from '@raywire/dashboard';
import { createGateway, localDriver } from '@raywire/gateway';
import { type LoopbackServer, startHttpServer } from '@raywire/testing';
import { describe, expect, it, onTestFinished } from 'vitest';

type Client = AgentClient | DashboardClient;

/** What every client has, and what a 404 may be of. */
const calls: [name: string, call: (client: Client) => Promise<unknown>][] = [
  ['listJobs', (client) => client.listJobs()],
  ['getJob', (client) => client.getJob('job')],
  ['waitForJob', (client) => client.waitForJob('job')],
  ['getJobLogs', (client) => client.getJobLogs('job')],
  ['submitJob', (client) => client.submitJob({ entrypoint: 'true' })],
  ['runJob', (client) => client.runJob({ entrypoint: 'true' }).submitted],
  ['stopJob', (client) => client.stopJob('job')],
  ['deleteJob', (client) => client.deleteJob('job')],
  ['listNodes', (client) => client.listNodes()],
  ['getNode', (client) => client.getNode('node')],
  ['listTasks', (client) => client.listTasks()],
  ['getServeApplication', (client) => client.getServeApplication('app')],
  ['healthCheck', (client) => client.healthCheck()],
  ...(['auto', 'http', 'websocket'] as const).map((protocol): (typeof calls)[number] => [
    `a tail by ${protocol}`,
    async (client) => {
      for await (const _ of client.tailJobLogs('job', { protocol }));
    },
  ]),
];

/** Answers as Ray's web server does, and counts the looks. */
async function startRay(version = '2.60.0'): Promise<LoopbackServer & { looks(): number }> {
  let looks = 0;
  const server = await startHttpServer((request, response) => {
    if (request.url === '/api/version') {
      looks++;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ version: '4', ray_version: version, ray_commit: 'c' }));
    } else if (request.url?.startsWith('/api/jobs/')) response.writeHead(404).end('Job job does not exist');
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('404: Not Found');
  });
  onTestFinished(() => server.close());
  return Object.assign(server, { looks: () => looks });
}

async function startGateway(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'raywire-wrong-'));
  onTestFinished(() => rm(directory, { recursive: true }));

  const gateway = createGateway({ driver: localDriver({ directory }), token: 'token' });
  await gateway.listen();
  onTestFinished(() => gateway.close());
  return gateway.url;
}

function agentClient(baseURL: string): AgentClient {
  const client = new AgentClient({ baseURL, agentToken: 'token' });
  onTestFinished(() => client.close());
  return client;
}

function dashboardClient(address: string): DashboardClient {
  const client = new DashboardClient({ address, token: 'token', nodeAgents: true });
  onTestFinished(() => client.close());
  return client;
}

async function refusal(promise: Promise<unknown>): Promise<Error> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UnsupportedByServerError);
  return error as Error;
}

describe.each(calls)('%s', (_, call) => {
  it('of an AgentClient at a dashboard names DashboardClient', async () => {
    const { url } = await startRay();
    const error = await refusal(call(agentClient(url)));
    expect(error.message).toMatch(/dashboard of Ray 2\.60\.0.*use DashboardClient of @raywire\/dashboard/);
  });

  it('of a DashboardClient at a gateway names AgentClient', async () => {
    const error = await refusal(call(dashboardClient(await startGateway())));
    expect(error.message).toMatch(/use AgentClient of @raywire\/agent/);
  });
});

describe('a base URL with a path of the API', () => {
  it.each(['/api', '/jobs', '/api/jobs/'])('%s is told to an AgentClient', async (path) => {
    const url = await startGateway();
    const error = await refusal(agentClient(url + path).getJob('job'));
    expect(error.message).toContain(`${url}/ with AgentClient`);
  });

  it.each(['/api', '/jobs', '/api/jobs/'])('%s is told to a DashboardClient', async (path) => {
    const { url } = await startRay();
    const error = await refusal(dashboardClient(url + path).getJob('job'));
    expect(error.message).toContain(`without its last path, ${url}/`);
  });
});

describe('the right server', () => {
  it('is looked at once for all 404s of a client, which stay what they are', async () => {
    const ray = await startRay();
    const client = dashboardClient(ray.url);
    for (const id of ['one', 'two', 'three'])
      await expect(client.getJob(id)).rejects.toBeInstanceOf(NotFoundError);
    expect(ray.looks()).toBe(1);
  });

  it('of a gateway keeps its 404, also behind a path that looks like that of an API', async () => {
    const url = await startGateway();
    const client = agentClient(url);
    await expect(client.getJob('job')).rejects.toBeInstanceOf(NotFoundError);
    const { port } = new URL(url);
    const proxy = await startHttpServer(async (request, response) => {
      const path = request.url?.replace(/^\/api/, '');
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        headers: { authorization: request.headers.authorization ?? '' },
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    });
    onTestFinished(() => proxy.close());
    await expect(agentClient(`${proxy.url}/api`).getJob('job')).rejects.toBeInstanceOf(NotFoundError);
  });

  it('that is too old is told as that', async () => {
    const { url } = await startRay('1.13.0');
    expect((await refusal(dashboardClient(url).getJob('job'))).message).toMatch(
      /Ray 1\.13\.0.*needs Ray 2\.0/,
    );
  });
});
