import type { TailCursor, TailOptions } from '@raywire/agent';
import { StreamLimitExceededError } from '@raywire/core';
import { collect, type Treatment, throughJson } from '@raywire/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Laboratory, openLaboratory, type ServerKind, SLOW_HEARTBEAT } from './lab/laboratory.js';
import { answerOf } from './lab/schedule.js';

const lines = Array.from({ length: 60 }, (_, index) => (index % 7 === 3 ? '' : `línea ${index} ✓`));
const text = `${lines.join('\n')}\n`;
const bytesOf = (count: number) => Buffer.byteLength(lines.slice(0, count).join(''));
const ALLOWED = 40;

/** Ways in which a tail comes to its limit: none of them starts the counts anew. */
const ways: [name: string, options: TailOptions, treatments: Treatment[]][] = [
  ['over a WebSocket', { protocol: 'websocket' }, []],
  ['over HTTP', { protocol: 'http' }, []],
  [
    'after cuts of a WebSocket',
    { protocol: 'websocket' },
    [400, 300].map((after) => ({ cut: { after, how: 'reset' } })),
  ],
  ['after cuts of HTTP', { protocol: 'http' }, [600, 700].map((after) => ({ cut: { after, how: 'fin' } }))],
  [
    'after a fallback in mid-stream',
    { protocol: 'auto' },
    [{ cut: { after: 600, how: 'fin' } }, { answer: answerOf(403) }],
  ],
  ['byte by byte', { protocol: 'auto' }, [{ pieces: [1] }]],
];

describe.each<ServerKind>(['gateway', 'old agent'])('the limits of a tail (%s)', (kind) => {
  let laboratory: Laboratory;
  beforeAll(async () => {
    laboratory = await openLaboratory(kind);
  });
  afterAll(() => laboratory.close());

  async function limited(options: TailOptions, treatments: readonly Treatment[], log: string = text) {
    const connections = treatments.filter(({ pieces }) => pieces === undefined).length + 1;
    // A job that is known to have ended would be read as a whole after the second cut.
    const lies = { status: 'RUNNING' as const, times: 1_000 };
    const jobId = laboratory.addJob({
      text: log,
      life: 'running',
      old: { lies },
      gateway: { readBytes: 60, lies },
    });
    laboratory.proxy.plan(jobId, treatments);
    const client = laboratory.client({ heartbeat: SLOW_HEARTBEAT });
    const result = await collect(client.tailJobLogs(jobId, options));
    // Every fault has happened.
    expect(laboratory.proxy.answered(jobId).length).toBeGreaterThanOrEqual(connections);
    const rest = async () => {
      const cursor = throughJson((result.error as { cursor: TailCursor }).cursor);
      return collect(laboratory.client().tailJobLogs(jobId, { cursor }));
    };
    return { ...result, rest };
  }

  describe.each(ways)('%s', (_, options, treatments) => {
    it.each([
      ['maxLines', ALLOWED, ALLOWED],
      ['maxBytes', bytesOf(ALLOWED), ALLOWED],
      ['maxBytes', bytesOf(ALLOWED) - 1, ALLOWED - 1],
    ] as const)(
      '%s of %i delivers %i lines, then 429 with a cursor for the rest',
      async (limit, max, allowed) => {
        const result = await limited({ ...options, streamLimits: { [limit]: max } }, treatments);
        expect(result.lines).toEqual(lines.slice(0, allowed));
        expect(result.error).toBeInstanceOf(StreamLimitExceededError);
        expect(result.error).toMatchObject({ statusCode: 429, limit, max });
        expect(result.end).toMatchObject({ reason: 'failed', lines: allowed, bytes: bytesOf(allowed) });
        expect((await result.rest()).lines).toEqual(lines.slice(allowed));
      },
    );

    it('a log that is just as long as the limits is whole', async () => {
      const streamLimits = {
        maxLines: lines.length,
        maxBytes: bytesOf(lines.length),
        maxMessages: lines.length,
      };
      const result = await limited({ ...options, streamLimits }, treatments);
      expect(result).toMatchObject({ lines, error: undefined, end: { reason: 'complete' } });
    });

    it('maxMessageSize lets a line of just so many bytes pass, and one byte more comes to 429', async () => {
      const log = `${lines.slice(0, 50).join('\n')}\n${'é'.repeat(40)}\nafter\n${'é'.repeat(40)}x\nnever\n`;
      const result = await limited({ ...options, streamLimits: { maxMessageSize: 80 } }, treatments, log);
      expect(result.lines).toEqual([...lines.slice(0, 50), 'é'.repeat(40), 'after']);
      expect(result.error).toMatchObject({ statusCode: 429, limit: 'maxMessageSize', max: 80 });
    });
  });

  it.each([
    ['once', [] as Treatment[]],
    ['over cuts', [250, 350].map((after): Treatment => ({ cut: { after, how: 'reset' } }))],
  ])('maxMessages counts the messages of a WebSocket, %s', async (_, treatments) => {
    const result = await limited({ protocol: 'websocket', streamLimits: { maxMessages: 10 } }, treatments);
    expect(result.error).toMatchObject({ statusCode: 429, limit: 'maxMessages', max: 10 });
    expect(result.lines).toEqual(lines.slice(0, result.lines.length));
    // An old agent sends a line a message; a gateway's holds several, some of them cut in half by a resume.
    if (kind === 'old agent') expect(result.lines.length).toBe(10);
    else expect(result.lines.length).toBeGreaterThan(10);
    expect((await result.rest()).lines).toEqual(lines.slice(result.lines.length));
  });

  it('maxBytes of getJobLogs is met to the byte', async () => {
    const jobId = laboratory.addJob({ text, life: 'ended' });
    const size = Buffer.byteLength(text);
    const client = (maxBytes: number) => laboratory.client({ streamLimits: { maxBytes } });
    expect(await client(size).getJobLogs(jobId)).toBe(text);
    await expect(client(size - 1).getJobLogs(jobId)).rejects.toMatchObject({
      statusCode: 429,
      limit: 'maxBytes',
    });
  });
});
