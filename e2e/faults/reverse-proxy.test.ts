import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentClient, type TailEnd } from '@raywire/agent';
import { createGateway, localDriver } from '@raywire/gateway';
import { type Collected, collect } from '@raywire/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerKind } from './lab/laboratory.js';
import { startNginx } from './lab/nginx.js';
import { startQuietAgent } from './lab/quiet-agent.js';

/** Longer than two of nginx's idle time-outs. */
const QUIET_SECONDS = 150;
const TOKEN = 'token-behind-nginx';
const before = Array.from({ length: 40 }, (_, index) => `before ${index}`);
const after = Array.from({ length: 40 }, (_, index) => `after ${index}`);
const write = (what: string) => `for i in $(seq 0 39); do echo ${what} $i; done`;

/** What follows `proxy_pass`; all else, `proxy_read_timeout` (60 s) and `proxy_buffering` (on) too, is the default. */
const CONFIGURATIONS = {
  'as it comes': [],
  'with upgrade headers': [
    'proxy_http_version 1.1',
    'proxy_set_header Upgrade $http_upgrade',
    'proxy_set_header Connection $connection_upgrade',
  ],
  'that buffers by force': ['proxy_http_version 1.1', 'proxy_ignore_headers X-Accel-Buffering'],
  'that buffers by force and speaks HTTP/1.0': ['proxy_ignore_headers X-Accel-Buffering'],
};
type Configuration = keyof typeof CONFIGURATIONS;

const closing: { close(): Promise<unknown> }[] = [];
afterAll(async () => {
  for (const open of closing.splice(0).reverse()) await open.close();
});

const KINDS: ServerKind[] = ['gateway', 'old agent'];
const names = Object.keys(CONFIGURATIONS) as Configuration[];
const rows = KINDS.flatMap((kind) =>
  names.flatMap((configuration) =>
    (['auto', 'http', 'websocket'] as const).map((protocol) => ({ kind, configuration, protocol })),
  ),
);
type Row = (typeof rows)[number];
const upgrades = ({ configuration }: Row) => configuration === 'with upgrade headers';
const canPass = (row: Row) => row.protocol !== 'websocket' || upgrades(row);
const tailed = new Map<Row, Promise<Collected<TailEnd>>>();

/** All tails are in the quiet together. */
beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'raywire-quiet-'));
  closing.push({ close: () => rm(directory, { recursive: true, force: true }) });
  const gateway = createGateway({ driver: localDriver({ directory }), token: TOKEN });
  await gateway.listen();
  closing.push(gateway);
  const agent = await startQuietAgent(before, after);
  closing.push(agent);
  const targets = { gateway: gateway.url, 'old agent': agent.url };
  const locations = KINDS.flatMap((kind) =>
    names.map((name) => ({ target: targets[kind], directives: CONFIGURATIONS[name] })),
  );
  const nginx = await startNginx(locations);
  closing.push(nginx);
  const client = new AgentClient({ baseURL: gateway.url, agentToken: TOKEN });
  closing.push(client);
  const entrypoint = `${write('before')}; sleep ${QUIET_SECONDS}; ${write('after')}`;
  const { job_id: jobId } = await client.submitJob({ entrypoint });
  const timer = setTimeout(agent.goOn, QUIET_SECONDS * 1_000);
  closing.push({ close: async () => clearTimeout(timer) });
  for (const row of rows) {
    const at = KINDS.indexOf(row.kind) * names.length + names.indexOf(row.configuration);
    const viewer = new AgentClient({ baseURL: nginx.urls[at] as string, agentToken: TOKEN });
    closing.push(viewer);
    tailed.set(row, collect(viewer.tailJobLogs(jobId, { protocol: row.protocol })));
  }
});

describe('a quiet job behind nginx', { timeout: (QUIET_SECONDS + 100) * 1_000 }, () => {
  it.each(rows.filter((row) => !canPass(row)))(
    '$configuration: the $kind has no WebSocket there, and that is told ($protocol)',
    async (row) => {
      const { lines, error, end } = (await tailed.get(row)) as Collected<TailEnd>;
      expect({ lines, error }).toMatchObject({
        lines: [],
        error: { statusCode: 502, code: 'UNEXPECTED_RESPONSE' },
      });
      expect(end.reason).toBe('failed');
    },
  );

  it.each(rows.filter(canPass))('$configuration: the $kind is tailed to its end ($protocol)', async (row) => {
    const { lines, error, end } = (await tailed.get(row)) as Collected<TailEnd>;
    expect(error).toBeUndefined();
    expect(lines).toEqual([...before, ...after]);
    const transport = row.protocol !== 'http' && upgrades(row) ? 'websocket' : 'http';
    expect(end).toMatchObject({ reason: 'complete', jobStatus: 'SUCCEEDED', exitCode: 0, transport });
    // A gateway's signs of life keep nginx from cutting the connection off, unless nginx holds its answer back.
    if (row.kind === 'gateway') expect(end.reconnects).toBe(0);
  });
});
