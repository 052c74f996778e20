import { StreamLimits, type TailEvent } from '@raywire/agent';
import { collect } from '@raywire/testing';
import { describe, expect, it } from 'vitest';
import { agentWith, lastEvent as COMPLETE, event, sse as SSE } from './tail-lab.js';

const MEBIBYTE = 1024 * 1024;
const long = 'x'.repeat(9 * MEBIBYTE);

/** A running job with a line that is larger than a frame may be, between two small ones. */
const agent = () =>
  agentWith({
    job: () => ({ job_id: 'job', status: 'RUNNING', start_time: 1 }),
    webSocket(socket) {
      for (const message of ['before', long, 'after']) socket.send(JSON.stringify({ message }));
      socket.send('{"type":"complete"}');
    },
    stream(response) {
      response.writeHead(200, SSE);
      response.end(['before', long, 'after'].map((message) => event({ message })).join('') + COMPLETE);
    },
  });

const sizes = (lines: readonly string[]): number[] => lines.map((line) => line.length);
const MARKED = 100 - 'ab'.length; // the mark has two bytes more than characters: `…` is three bytes

describe('a line of 9 MiB', () => {
  it.each([
    ['without limits', StreamLimits.unlimited(), long.length],
    ['with a larger maxMessageSize', { maxMessageSize: 20 * MEBIBYTE, maxBytes: 50 * MEBIBYTE }, long.length],
    ['with oversize: truncate', { oversize: 'truncate', maxMessageSize: 100 }, MARKED],
  ] as const)(
    'comes by HTTP %s, since no WebSocket message may be so large',
    async (_, streamLimits, length) => {
      const { client } = await agent();
      const events: TailEvent[] = [];
      const { lines, error, end } = await collect(
        client.tailJobLogs('job', { streamLimits, onEvent: (told) => events.push(told) }),
      );
      expect(error).toBeUndefined();
      expect(sizes(lines)).toEqual([6, length, 5]);
      expect(end).toMatchObject({ reason: 'complete', transport: 'http', reconnects: 1 });
      expect(events.map(({ type }) => type)).toEqual(['connect', 'fallback', 'connect']);
    },
  );

  it('is told at once where no route is left that could carry it', async () => {
    const { client, agent: server } = await agent();
    const { lines, error, end } = await collect(
      client.websocketTailJobLogs('job', { streamLimits: StreamLimits.unlimited() }),
    );
    expect(lines).toEqual(['before']);
    expect(error).toMatchObject({ code: 'FRAME_TOO_LARGE', statusCode: 429 });
    expect(end.reason).toBe('failed');
    // The one that showed the line, and the one that met it without having got on.
    expect(server.calls.length).toBeLessThanOrEqual(2);
  });

  it('is past the default maxMessageSize, which is told without reading all of it', async () => {
    const { client } = await agent();
    const { lines, error } = await collect(client.streamTailJobLogs('job'));
    expect(lines).toEqual(['before']);
    expect(error).toMatchObject({ statusCode: 429, limit: 'maxMessageSize' });
  });
});
