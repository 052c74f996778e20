import type { IncomingMessage, ServerResponse } from 'node:http';
import { StreamGapError, StreamInterruptedError } from '@raywire/core';
import type { TailEvent, TailOptions } from '@raywire/dashboard';
import { collect, type DashboardSource, type Treatment, throughJson } from '@raywire/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { type DashboardLaboratory, openDashboardLaboratory } from './lab/dashboard-laboratory.js';
import { SLOW_HEARTBEAT } from './lab/laboratory.js';
import { answerOf } from './lab/schedule.js';

const lines = ['one', 'two', 'three', '四', ''];
const text = `${lines.join('\n')}\n`;
/** Where the first two lines end. */
const BROKEN_AT = 8;
const reconnect = { initialDelayMs: 1, maxDelayMs: 2, giveUpAfterMs: 100 };
const sources = ['dashboard-ranges', 'dashboard-websocket', 'dashboard-files'] as const;

let laboratory: DashboardLaboratory;
let whole = false;
let socketBreak: ((socket: WebSocket) => void) | undefined;
let fileBreak: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;

async function open(): Promise<void> {
  whole = false;
  laboratory = await openDashboardLaboratory({
    breakAt: () =>
      whole || socketBreak === undefined ? undefined : { bytes: BROKEN_AT, break: socketBreak },
    intercept(request, response) {
      if (whole || fileBreak === undefined || !/job-driver-.*\.log(?!\.)/.test(request.url ?? ''))
        return false;
      fileBreak(request, response);
      return true;
    },
  });
}

afterEach(async () => {
  socketBreak = undefined;
  fileBreak = undefined;
  await laboratory.close();
});

function tailOf(source: DashboardSource, jobId: string, options: TailOptions = {}) {
  const events: TailEvent[] = [];
  const client = laboratory.client({ reconnect, heartbeat: SLOW_HEARTBEAT });
  const onEvent = (event: TailEvent): number => events.push(event);
  return { events, tail: client.tailJobLogs(jobId, { protocol: source, onEvent, ...options }) };
}

function jobOf(dashboard = {}): string {
  // It would end by itself once all of its log is read.
  const holdUntil = new Promise<void>(() => undefined);
  return laboratory.addJob({
    text,
    life: 'running',
    dashboard: { holdUntil, startBytes: Buffer.byteLength(text), ...dashboard },
  });
}

/** The first two lines, and then nothing of the rest. */
const partOf =
  (end: (response: ServerResponse) => void) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const size = Buffer.byteLength(text);
    if (!request.url?.startsWith('/logs/')) response.writeHead(200, { 'content-type': 'text/plain' });
    else
      response.writeHead(request.headers.range === undefined ? 200 : 206, {
        'content-type': 'text/plain',
        'content-length': size - from,
        'content-range': `bytes ${from}-${size - 1}/${size}`,
      });
    response.write(Buffer.from(text).subarray(from, BROKEN_AT));
    setImmediate(() => end(response));
  };

type Break = [name: string, socket: typeof socketBreak, file?: typeof fileBreak, source?: DashboardSource];
const breaks: Break[] = [
  ...[1000, 1001, 1003, 1007, 1009, 1011, 1012, 3000, 4000, 4999].map(
    (code): Break => [`a close with code ${code} while the job runs`, (socket) => socket.close(code)],
  ),
  ['a close without a code', (socket) => socket.close()],
  ['a reset', (socket) => setImmediate(() => socket.terminate())],
  ...(['dashboard-ranges', 'dashboard-files'] as const).map(
    (source): Break => [
      `a broken body (${source})`,
      undefined,
      partOf((response) => response.destroy()),
      source,
    ],
  ),
];

describe.each(breaks)('%s', (_, socket, file, source = 'dashboard-websocket') => {
  it('is never told as the end, is told once, and its cursor goes on', async () => {
    socketBreak = socket;
    fileBreak = file;
    await open();
    const jobId = jobOf();
    const { tail, events } = tailOf(source, jobId);
    const broken = await collect(tail);
    expect(broken.lines).toEqual(lines.slice(0, 2));
    expect(broken.error).toBeInstanceOf(StreamInterruptedError);
    expect(broken.end).toMatchObject({
      reason: 'failed',
      error: broken.error,
      lines: 2,
      jobStatus: 'RUNNING',
    });
    const types = events.map(({ type }) => type);
    expect(types.length).toBeGreaterThan(2);
    expect(types).toEqual(types.map((_, index) => (index % 2 === 0 ? 'connect' : 'reconnect')));
    whole = true;
    const cursor = throughJson((broken.error as StreamInterruptedError).cursor) as TailOptions['cursor'];
    const rest = tailOf(source, jobId, { cursor, follow: false });
    expect(await collect(rest.tail)).toMatchObject({
      lines: lines.slice(2),
      error: undefined,
      end: { reason: 'caughtUp' },
    });
  });
});

describe.each(sources)('a tail by %s', (source) => {
  it.each([true, false])('gives all of a log that has ended, with follow: %s', async (follow) => {
    await open();
    const jobId = laboratory.addJob({ text: 'one\ntwo\nand the rest', life: 'ended' });
    expect(await collect(tailOf(source, jobId, { follow }).tail)).toMatchObject({
      lines: ['one', 'two', 'and the rest'],
      end: { reason: 'complete' },
    });
  });

  it('tells each cut once, and goes on', async () => {
    await open();
    const long = Array.from({ length: 300 }, (_, index) => `line ${index}\n`).join('');
    const jobId = laboratory.addJob({ text: long, life: 'running' });
    const cuts = [800, 900, 1_000].map((after): Treatment => ({ cut: { after, how: 'reset' } }));
    laboratory.proxy.plan(laboratory.logOf(source, jobId), cuts);
    const { tail, events } = tailOf(source, jobId);
    const { lines: got, end } = await collect(tail);
    expect(got).toHaveLength(300);
    expect(end).toMatchObject({ reason: 'complete', reconnects: 3 });
    const types = events.map(({ type }) => type);
    expect(types).toEqual(['connect', ...Array.from({ length: 3 }, () => ['reconnect', 'connect']).flat()]);
  });

  it('does not believe a status that is wrong for a moment', async () => {
    await open();
    // The job has ended, it says, and so far its log is no longer; soon it runs again, and prints the rest.
    const lies = { status: 'SUCCEEDED' as const, times: 2 };
    const jobId = laboratory.addJob({
      text,
      life: 'running',
      dashboard: { lies, growBytes: BROKEN_AT, startBytes: BROKEN_AT },
    });
    const { tail } = tailOf(source, jobId);
    expect(await collect(tail)).toMatchObject({ lines, error: undefined, end: { reason: 'complete' } });
  });

  it.each([
    ['a shorter one', 'other\n'],
    ['a longer one', `quite another log\n${'and longer\n'.repeat(9)}`],
  ])('tells a log that was replaced by %s as a gap, and goes on in the first', async (_, other) => {
    await open();
    const jobId = laboratory.addJob({ text, life: 'ended' });
    const first = tailOf(source, jobId).tail;
    for await (const line of first) if (line === 'three') break;
    const cursor = throughJson(first.cursor) as TailOptions['cursor'];
    laboratory.replaceJob(jobId, { text: other, life: 'ended' });
    const gap = await collect(tailOf(source, jobId, { cursor }).tail);
    expect(gap.lines).toEqual([]);
    expect(gap.error).toBeInstanceOf(StreamGapError);
    laboratory.replaceJob(jobId, { text, life: 'ended' });
    const kept = throughJson((gap.error as StreamGapError).cursor) as TailOptions['cursor'];
    const rest = tailOf(source, jobId, { cursor: kept }).tail;
    expect(await collect(rest)).toMatchObject({ lines: lines.slice(3), error: undefined });
  });

  it.each([200, 500, 502])('takes no page of a proxy for the log (%i)', async (status) => {
    await open();
    const jobId = laboratory.addJob({ text, life: 'ended' });
    const page: Treatment = { answer: answerOf(status) };
    laboratory.proxy.plan(laboratory.logOf(source, jobId), [page, page]);
    expect(await collect(tailOf(source, jobId).tail)).toMatchObject({ lines, error: undefined });
  });

  it('ends with what the server refused, and before any line', async () => {
    await open();
    const jobId = laboratory.addJob({ text, life: 'ended' });
    laboratory.proxy.plan(laboratory.logOf(source, jobId), [{ answer: answerOf(404) }]);
    const { lines: got, error, end } = await collect(tailOf(source, jobId).tail);
    expect(got).toEqual([]);
    expect(error).toMatchObject({ statusCode: 404 });
    expect(end.reason).toBe('lost');
  });
});
