import type { ServerResponse } from 'node:http';
import { StreamGapError } from '@raywire/core';
import type { TailCursor, TailOptions } from '@raywire/dashboard';
import { collect, throughJson } from '@raywire/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { type DashboardLaboratory, openDashboardLaboratory } from './lab/dashboard-laboratory.js';

const text = 'one\ntwo\nthree\n';
const lines = ['one', 'two', 'three'];
const fileSources = ['dashboard-ranges', 'dashboard-files'] as const;

let laboratory: DashboardLaboratory;
afterEach(() => laboratory.close());

function tail(jobId: string, options: TailOptions) {
  return collect(laboratory.client().tailJobLogs(jobId, options));
}

describe.each(fileSources)('what the laboratory has found in %s', (protocol) => {
  it('a tail of the last lines has a cursor from its first line on', async () => {
    laboratory = await openDashboardLaboratory();
    const jobId = laboratory.addJob({ text, life: 'ended' });
    const first = laboratory.client().tailJobLogs(jobId, { protocol, tailLines: 2 });
    for await (const line of first) if (line === 'two') break;
    const cursor = throughJson(first.cursor) as TailCursor;
    expect((await tail(jobId, { protocol, cursor })).lines).toEqual(['three']);
  });

  it('a last line without a newline is one once its job has ended, and comes on top before', async () => {
    laboratory = await openDashboardLaboratory();
    const unfinished = `${text}and more`;
    const ended = laboratory.addJob({ text: unfinished, life: 'ended' });
    const last = async (jobId: string, tailLines: number): Promise<string[]> =>
      (await tail(jobId, { protocol, tailLines })).lines;
    expect([await last(ended, 0), await last(ended, 2)]).toEqual([[], ['three', 'and more']]);
    const running = (): string => laboratory.addJob({ text: unfinished, life: 'running' });
    expect([await last(running(), 0), await last(running(), 1)]).toEqual([
      ['and more'],
      ['three', 'and more'],
    ]);
  });

  it('a page of a proxy is not the log, though its status is 200', async () => {
    let pages = 2;
    laboratory = await openDashboardLaboratory({
      intercept(request, response) {
        if (!request.url?.includes('job-driver-') || pages-- <= 0) return false;
        page(response);
        return true;
      },
    });
    const jobId = laboratory.addJob({ text, life: 'ended' });
    expect(await tail(jobId, { protocol })).toMatchObject({ lines, end: { reason: 'complete' } });
  });
});

it('a silence in the middle of a range is given up after the time-out of the heartbeat', async () => {
  laboratory = await openDashboardLaboratory();
  const jobId = laboratory.addJob({ text: text.repeat(100), life: 'ended' });
  const log = laboratory.logOf('dashboard-ranges', jobId);
  laboratory.proxy.plan(log, [{ cut: { after: 900, how: 'silence' } }]);
  const { lines: got, end } = await tail(jobId, { protocol: 'dashboard-ranges' });
  expect(got).toHaveLength(300);
  expect(end).toMatchObject({ reason: 'complete', reconnects: 1 });
});

it('a silence while the last lines are looked for is given up, too', async () => {
  laboratory = await openDashboardLaboratory();
  const jobId = laboratory.addJob({ text: text.repeat(100), life: 'ended' });
  // First the length of the file is asked for, then the block at its end.
  const log = laboratory.logOf('dashboard-ranges', jobId);
  laboratory.proxy.plan(log, [{}, { cut: { after: 900, how: 'silence' } }]);
  const { lines: got } = await tail(jobId, { protocol: 'dashboard-ranges', tailLines: 2 });
  expect(got).toEqual(['two', 'three']);
});

it('a file that is shorter than what was delivered is a gap behind a proxy that knows no ranges, too', async () => {
  let log = text;
  laboratory = await openDashboardLaboratory({
    intercept(request, response) {
      if (!request.url?.startsWith('/logs/') || !request.url.endsWith('.log')) return false;
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': log.length }).end(log);
      return true;
    },
  });
  const jobId = laboratory.addJob({ text, life: 'ended' });
  const protocol = 'dashboard-ranges';
  const first = laboratory.client().tailJobLogs(jobId, { protocol });
  for await (const _ of first);
  log = 'one\n';
  expect((await tail(jobId, { protocol, cursor: first.cursor })).error).toBeInstanceOf(StreamGapError);
});

it.each([
  ['may ask no node agent', '127.0.0.1', false],
  ['may not ask that one', 'localhost', undefined],
])(
  'a client that %s goes on reading whole files, however often they break',
  async (_, agentHost, nodeAgents) => {
    laboratory = await openDashboardLaboratory({ agentHost });
    const jobId = laboratory.addJob({ text: text.repeat(100), life: 'ended' });
    const cut = { cut: { after: 500, how: 'reset' } } as const;
    laboratory.proxy.plan(laboratory.logOf('dashboard-files', jobId), Array(6).fill(cut));
    const client = laboratory.newClient({ nodeAgents });
    const { lines: got, error } = await collect(client.tailJobLogs(jobId, { protocol: 'http' }));
    await client.close();
    expect({ lines: got.length, error }).toEqual({ lines: 300, error: undefined });
  },
);

function page(response: ServerResponse): void {
  const body = '<html><h1>a proxy</h1></html>';
  response.writeHead(200, { 'content-type': 'text/html', 'content-length': body.length }).end(body);
}
