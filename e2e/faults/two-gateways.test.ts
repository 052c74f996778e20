import { once } from 'node:events';
import { connect } from 'node:net';
import { createGateway } from '@raywire/gateway';
import { startTcpServer } from '@raywire/testing';
import { expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { MemoryJobs } from './lab/memory-jobs.js';

const token = 'token-of-two-gateways';
const headers = { authorization: token, 'content-type': 'application/json' };

/** Two gateways with the same job, and a proxy that gives each connection to the other one than the last. */
async function start() {
  const ports: number[] = [];
  for (const _ of ['first', 'second']) {
    const jobs = new MemoryJobs();
    jobs.add('job', { bytes: Buffer.from('a line\n'), life: 'ended', readBytes: 100, startTime: 1 });
    const gateway = createGateway({ driver: jobs.driver, token });
    await gateway.listen();
    onTestFinished(() => gateway.close());
    ports.push(Number(new URL(gateway.url).port));
  }
  let connections = 0;
  const proxy = await startTcpServer((client) => {
    const upstream = connect(ports[connections++ % 2] as number, '127.0.0.1');
    upstream.on('error', () => client.destroy());
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
    client.pipe(upstream).pipe(client);
  });
  onTestFinished(() => proxy.close());
  return { url: proxy.url, gateways: ports.map((port) => `http://127.0.0.1:${port}`) };
}

async function ticketOf(url: string): Promise<string> {
  const body = JSON.stringify({ job_id: 'job' });
  const answer = await fetch(`${url}/tickets/`, {
    method: 'POST',
    headers: { ...headers, connection: 'close' },
    body,
  });
  return ((await answer.json()) as { ticket: string }).ticket;
}

/** The close code of a log's WebSocket, opened as browsers do, or the status of the refusal. */
async function openLog(url: string, ticket: string): Promise<number> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/jobs/job/logs/?ticket=${ticket}`, {
    origin: url,
  });
  socket.on('error', () => undefined);
  const refused = once(socket, 'unexpected-response').then(([request, response]) => {
    request.destroy();
    return response.statusCode as number;
  });
  return Promise.race([refused, once(socket, 'close').then(([code]) => code as number)]);
}

it('behind a round-robin proxy all handshakes of browsers are accepted, whichever gateway made the ticket', async () => {
  const { url, gateways } = await start();
  const codes: number[] = [];
  for (let count = 0; count < 20; count += 1) codes.push(await openLog(url, await ticketOf(url)));
  expect(codes).toEqual(Array(20).fill(1000));

  const ticket = await ticketOf(gateways[0] as string);
  expect(await openLog(gateways[1] as string, ticket)).toBe(1000);
  expect(await openLog(gateways[1] as string, ticket)).toBe(401);
});
