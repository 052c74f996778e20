import { AgentClient } from '@raywire/agent';
import { createGateway, type GatewayOptions } from '@raywire/gateway';
import { collect } from '@raywire/testing';
import { describe, expect, it, type TestContext } from 'vitest';
import { MemoryJobs } from './lab/memory-jobs.js';
import { trickle } from './lab/trickle.js';

const TOKEN = 'token-of-the-slow';
async function serve({ onTestFinished }: TestContext, options: Partial<GatewayOptions> = {}) {
  const jobs = new MemoryJobs();
  const gateway = createGateway({ driver: jobs.driver, token: TOKEN, ...options });
  await gateway.listen();
  const client = new AgentClient({ baseURL: gateway.url, agentToken: TOKEN, maxRetries: 0 });
  onTestFinished(() => gateway.close());
  onTestFinished(() => client.close());
  return { jobs, client, url: gateway.url };
}

const head = (line: string) => `${line} HTTP/1.1\r\nhost: localhost\r\nauthorization: ${TOKEN}\r\n`;
const upgrade = 'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n';
const ENDLESS_GET = 'an endless body of a GET';
const SENDERS: [name: string, atOnce: string, rest: () => string][] = [
  ['nothing at all', '', () => ''],
  ['a request line that never ends', 'GET /', () => 'a'],
  ['headers that never end', head('GET /jobs/'), () => 'x'],
  ['a handshake that never ends', `${head('GET /jobs/job/logs/')}${upgrade}x-slow: `, () => 'x'],
  [
    'a body that takes too long',
    `${head('POST /jobs/')}content-type: application/json\r\ncontent-length: 1000000\r\n\r\n{"entrypoint":"`,
    () => 'x',
  ],
  [
    'chunks that never end',
    `${head('POST /jobs/')}content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
    () => '1\r\n \r\n',
  ],
  [ENDLESS_GET, `${head('GET /jobs/job/')}transfer-encoding: chunked\r\n\r\n`, () => '1\r\nx\r\n'],
];

describe.concurrent('senders that take their time', () => {
  it('are told 408 or dropped, each of them, while others are served', async (test) => {
    const { jobs, client, url } = await serve(test);
    const { promise: allAreGone, resolve: end } = Promise.withResolvers<void>();
    const bytes = Buffer.from('one\ntwo\n');
    jobs.add('job', {
      bytes,
      life: 'running',
      readBytes: 100,
      startBytes: 4,
      startTime: 1,
      holdUntil: allAreGone,
    });
    const tails = ['websocket', 'http'].map((protocol) => collect(client.tailJobLogs('job', { protocol })));
    const sentAway = SENDERS.flatMap(([name, atOnce, rest]) =>
      Array.from({ length: 20 }, async () => ({
        name,
        ...(await trickle(url, { atOnce, rest, everyMs: 100 })),
      })),
    );
    let left = sentAway.length;
    for (const one of sentAway) void one.then(() => left--);
    let calls = 0;
    while (left > 0) {
      expect(await client.getJob('job')).toMatchObject({ status: 'RUNNING' });
      calls++;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    for (const { name, status } of await Promise.all(sentAway)) {
      // A GET is answered before its body, which nobody waits for.
      expect([name, status]).toEqual([name, name === ENDLESS_GET ? 200 : 408]);
    }
    expect(calls).toBeGreaterThan(10);
    end();
    for (const tail of tails)
      expect(await tail).toMatchObject({ lines: ['one', 'two'], end: { reconnects: 0 } });
  });

  it('are in nobody’s way, however many they are', async (test) => {
    const { client, url } = await serve(test, { maxConnections: 20 });
    const senders = Array.from({ length: 200 }, () =>
      trickle(url, { atOnce: head('GET /jobs/'), rest: () => 'x', everyMs: 100 }),
    );
    let left = senders.length;
    for (const sender of senders) void sender.then(() => left--);
    while (left > 0) expect(await client.healthCheck()).toMatchObject({ status: 'ok' });
  });
});
