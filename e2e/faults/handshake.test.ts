import type { TailEvent } from '@raywire/agent';
import { collect, type Treatment } from '@raywire/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Laboratory, openLaboratory, type ServerKind, SLOW_HEARTBEAT } from './lab/laboratory.js';
import { onTerminal, sampleLog } from './lab/sample-log.js';
import { answerOf } from './lab/schedule.js';

const log = sampleLog();
const lines = onTerminal(log.lines);
const refusals: [name: string, treatment: Treatment][] = [
  ...[200, 204, 301, 400, 403, 404, 405, 408, 426, 500, 501, 502, 503, 504].map(
    (status): [string, Treatment] => [`an HTML page and ${status}`, { answer: answerOf(status) }],
  ),
  [
    'a switch of protocols with another key',
    {
      answer:
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: bm90IGl0\r\n\r\n',
    },
  ],
  ['something that is not HTTP', { answer: 'SSH-2.0-OpenSSH_9.6\r\n' }],
  ['nothing, and an end', { answer: '' }],
  ['nothing, and no end', { mute: true }],
  ['the answer to a request without its upgrade', { dropUpgrade: true }],
];

describe.each<ServerKind>(['gateway', 'old agent'])('a handshake with the %s', (kind) => {
  let laboratory: Laboratory;
  beforeAll(async () => {
    laboratory = await openLaboratory(kind);
  });
  afterAll(() => laboratory.close());

  async function tailed(protocol: string, treatments: Treatment[]) {
    const jobId = laboratory.addJob({ text: log.text, life: 'running' });
    laboratory.proxy.plan(jobId, treatments);
    // Only who gets no answer at all is to wait for the time-out.
    const timeoutMs = treatments.some(({ mute }) => mute) ? 1_500 : 10_000;
    const events: TailEvent[] = [];
    const onEvent = (event: TailEvent) => events.push(event);
    const tail = laboratory
      .client({ heartbeat: SLOW_HEARTBEAT })
      .tailJobLogs(jobId, { protocol, timeoutMs, onEvent });
    return { ...(await collect(tail)), events };
  }

  it.each(refusals)('that is answered by %s goes on over HTTP', async (_, treatment) => {
    const { lines: got, error, end, events } = await tailed('auto', [treatment]);
    expect(error).toBeUndefined();
    expect(got).toEqual(lines);
    expect(end).toMatchObject({ reason: 'complete', transport: 'http' });
    expect(events.map(({ type }) => type)).toEqual(['fallback', 'connect']);
  });

  it.each([500, 502, 503, 504, 408, 200])(
    'of HTTP that is answered by an HTML page and %i is tried again',
    async (status) => {
      const {
        lines: got,
        error,
        end,
      } = await tailed('http', [{ answer: answerOf(status) }, { answer: answerOf(status) }]);
      expect(error).toBeUndefined();
      expect(got).toEqual(lines);
      expect(end.reason).toBe('complete');
    },
  );

  it.each([400, 403, 404])('of HTTP that is refused by %i is refused', async (status) => {
    const { lines: got, error, end } = await tailed('http', [{ answer: answerOf(status) }]);
    expect({ got, error }).toMatchObject({ got: [], error: { statusCode: status } });
    expect(end.reason).toBe('failed');
  });

  it('and a stream that a proxy holds back until its end comes whole', async () => {
    const { lines: got, end } = await tailed('http', [{ hold: true }]);
    expect(got).toEqual(lines);
    expect(end).toMatchObject({ reason: 'complete', transport: 'http' });
  });

  it.each([[[1]], [[2, 3]], [[1, 700]], [[5, 1, 1, 90]]])(
    'and frames that come in pieces of %j are the same',
    async (pieces) => {
      for (const protocol of ['websocket', 'http']) {
        const { lines: got, end } = await tailed(protocol, [{ pieces }]);
        expect(got).toEqual(lines);
        expect(end).toMatchObject({ reason: 'complete', reconnects: 0 });
      }
    },
  );
});
