import { AgentClient, StreamLimits } from '@raywire/agent';
import { createGateway, type GatewayEvent } from '@raywire/gateway';
import { collect } from '@raywire/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { FAILURES, type Failure, failingDriver, KINDS, LINES, PLACES } from './lab/failing-driver.js';
import { READERS } from './lab/log-readers.js';
import { hasSecret, printable } from './lab/marked-secrets.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(options: Parameters<typeof failingDriver>[0]) {
  const events: GatewayEvent[] = [];
  const gateway = createGateway({
    driver: failingDriver(options),
    token: 'token-of-the-gateway',
    onEvent: (event) => events.push(event),
  });
  await gateway.listen();
  closing.push(() => gateway.close());
  return {
    url: gateway.url,
    token: gateway.token,
    errors: () => events.filter(({ type }) => type === 'error'),
  };
}

const failures = Object.keys(FAILURES) as Failure[];
const rows = PLACES.flatMap((place) =>
  KINDS.flatMap((kind) => [true, false].map((hasEnded) => ({ place, kind, hasEnded }))),
).filter(({ kind, hasEnded }) => kind === 'here' || !hasEnded);

describe.each(failures)('a log that fails with %s', (failure) => {
  const { status, reason } = FAILURES[failure];

  it.each(rows)('is never whole: at $place, the log $kind, job ended: $hasEnded', async (row) => {
    const { url, token, errors } = await serve({ failure, ...row });
    const isRefused = row.place === 'open' || row.place === 'first byte';
    for (const [route, read] of Object.entries(READERS)) {
      const before = errors().length;
      const seen = await read(url, token);
      const told = errors().slice(before);
      expect.soft(seen.status, route).toBeGreaterThan(100);
      expect.soft({ route, isWhole: seen.isWhole }).toEqual({ route, isWhole: false });
      // What was sent before cannot be taken back, but its reason is said where the wire has words.
      if (isRefused) expect.soft({ route, status: seen.status }).toEqual({ route, status });
      const hasWords = seen.status >= 400 || (!route.startsWith('logs/ ') && route !== 'logs/');
      if (reason !== undefined && hasWords)
        expect.soft(`${route} ${seen.printed.slice(-2_000)}`).toContain(reason);
      expect.soft({ route, leaked: hasSecret(seen.printed) }).toEqual({ route, leaked: false });
      // A 404 is the caller's to know.
      const isTold = seen.status < 400 || seen.status >= 500;
      expect.soft({ route, told: told.map(placeOf) }).toEqual({
        route,
        told: isTold
          ? [{ jobId: 'job', route: `GET /jobs/job/${route.includes('stream') ? 'logs/stream/' : 'logs/'}` }]
          : [],
      });
      expect.soft(told.map((event) => printable(event)).join()).not.toContain(token);
    }
  });

  it.each(rows)('is an error to clients: at $place, the log $kind, job ended: $hasEnded', async (row) => {
    const { url, token } = await serve({ failure, ...row });
    const client = new AgentClient({
      baseURL: url,
      agentToken: token,
      maxRetries: 0,
      streamLimits: StreamLimits.unlimited(),
      reconnect: { initialDelayMs: 1, maxDelayMs: 2, giveUpAfterMs: 300 },
    });
    closing.push(() => client.close());
    await expect(client.getJobLogs('job')).rejects.toMatchObject({ statusCode: expect.any(Number) });
    for (const protocol of ['websocket', 'http'] as const) {
      const { lines, error, end } = await collect(client.tailJobLogs('job', { protocol }));
      expect(error).toMatchObject({ statusCode: expect.any(Number) });
      expect(end.reason).not.toBe('complete');
      expect(lines).toEqual(LINES.slice(0, lines.length));
    }
  });
});

function placeOf(event: GatewayEvent): object {
  const { jobId, route } = event as { jobId?: string; route?: string };
  return { jobId, route };
}
