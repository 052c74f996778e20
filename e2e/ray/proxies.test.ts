import { ClientConnectionError } from '@raywire/core';
import type { DashboardClient, DashboardClientOptions, TailEvent } from '@raywire/dashboard';
import { rayDriver } from '@raywire/gateway';
import { type TestCertificates, testCertificates } from '@raywire/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { canonicalLines, driverLog, exactLines, jobCommand, newClient } from './ray-suite.ts';
import { ReverseProxy } from './reverse-proxy.ts';

const PREFIX = '/teams/a b/ray';
let certificates: TestCertificates;
let plain: ReverseProxy;
let secure: ReverseProxy;
const clients: DashboardClient[] = [];

beforeAll(async () => {
  certificates = await testCertificates();
  const { server, authority } = certificates;
  const encoded = encodeURI(PREFIX);
  plain = await ReverseProxy.to(inject('address'), encoded);
  secure = await ReverseProxy.to(inject('address'), encoded, { ...server, ca: authority, requestCert: true });
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await Promise.all([plain.close(), secure.close()]);
});

function clientOf(options: DashboardClientOptions): DashboardClient {
  const client = newClient(options);
  clients.push(client);
  return client;
}

async function tailed(client: DashboardClient, jobId: string, protocol: 'http' | 'websocket') {
  const sources = new Set<string>();
  const onEvent = (event: TailEvent): void => {
    if (event.type === 'connect') sources.add(event.source);
  };
  const lines: string[] = [];
  for await (const line of client.tailJobLogs(jobId, { protocol, carriageReturn: 'keep', onEvent }))
    lines.push(line);
  return { lines, sources: [...sources] };
}

/** Calls, a write with a body, whole files and the WebSocket. */
async function expectAll(client: DashboardClient): Promise<void> {
  const { submission_id: jobId } = await client.submitJob({ entrypoint: jobCommand('progress.py') });
  const [files, webSocket] = await Promise.all([
    tailed(client, jobId, 'http'),
    tailed(client, jobId, 'websocket'),
  ]);
  const log = driverLog(jobId);
  expect(files).toEqual({ lines: exactLines(log), sources: ['dashboard-files'] });
  expect(webSocket).toEqual({ lines: canonicalLines(log), sources: ['dashboard-websocket'] });
  expect((await client.listNodes()).length).toBe(1);
  expect((await client.listServeApplications()).items).toBeInstanceOf(Array);
  await client.deleteJob(jobId);
}

describe.concurrent('a dashboard behind a proxy', () => {
  it('with a prefix in its path is served whole', async () => {
    await expectAll(clientOf({ address: plain.url, nodeAgents: false }));
    expect(plain.paths.some((path) => path.endsWith('/logs/tail'))).toBe(true);
  });

  it('with TLS of its own authority, and a certificate asked of the client, is served whole', async () => {
    const tls = { ca: certificates.authority, ...certificates.client };
    await expectAll(clientOf({ address: `${secure.url}/`, tls }));
  });

  it('is not trusted without its authority, and not served without the certificate that it asks for', async () => {
    for (const tls of [undefined, { ca: certificates.authority }]) {
      const client = clientOf({ address: secure.url, tls, maxRetries: 0 });
      await expect(client.listJobs()).rejects.toSatisfy((error) => ClientConnectionError.isInstance(error));
    }
  });

  it('with TLS serves the driver of a gateway', async () => {
    const tls = { ca: certificates.authority, ...certificates.client };
    const driver = rayDriver({ address: secure.url, tls, lingerMs: 0 });
    const { submission_id: jobId } = await newClient().submitJob({ entrypoint: 'echo by TLS' });
    const log = await driver.openLog(jobId, 0);
    await log.ready;
    let text = '';
    for (;;) {
      const bytes = await log.read(Buffer.byteLength(text), 65_536);
      text += Buffer.from(bytes).toString();
      if (bytes.length === 0 && log.end !== undefined) break;
      if (bytes.length === 0) await new Promise<void>((resolve) => log.watch(resolve));
    }
    expect(text).toBe(driverLog(jobId).toString());
    await log.close();
    await driver.close?.();
  });
});
