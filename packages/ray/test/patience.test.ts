import { setTimeout as sleep } from 'node:timers/promises';
import { ClientTimeoutError, type LogTransport } from '@raywire/core';
import { collect } from '@raywire/testing';
import { describe, expect, it } from 'vitest';
import { agentWith, lastEvent as COMPLETE, event, sse as SSE } from './tail-lab.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const running = () => ({ job_id: 'job', status: 'RUNNING', start_time: 1 });

describe('a health route that hangs', () => {
  it.each(['http', 'websocket'])('does not keep a tail from a log that can be read: %s', async (protocol) => {
    const { client } = await agentWith({
      job: running,
      request: (request) => request.url === '/health/',
      webSocket(socket) {
        socket.send('{"message":"one"}');
        socket.send('{"type":"complete"}');
      },
      stream: (response) => void response.writeHead(200, SSE).end(event({ message: 'one' }) + COMPLETE),
    });
    expect(await collect(client.tailJobLogs('job', { protocol, timeoutMs: 1_000 }))).toMatchObject({
      lines: ['one'],
      error: undefined,
      end: { reason: 'complete', reconnects: 0 },
    });
  });
});

describe('timeoutMs of a tail', () => {
  it('bounds what comes before the connection together with it', async () => {
    const SPENT_MS = 100;
    const allowed: number[] = [];
    const transport: LogTransport = {
      contractVersion: 1,
      name: 'websocket',
      async open({ connectTimeoutMs }) {
        allowed.push(connectTimeoutMs);
        throw new ClientTimeoutError({ message: 'not in time' });
      },
    };
    const { client } = await agentWith(
      {
        job: running,
        request(request, response) {
          if (request.url !== '/health/') return false;
          setTimeout(() => response.writeHead(200, JSON_TYPE).end('{}'), SPENT_MS);
          return true;
        },
      },
      { transports: [transport], reconnect: { giveUpAfterMs: 0 } },
    );
    const { error } = await collect(client.websocketTailJobLogs('job', { timeoutMs: 5_000 }));
    expect(error).toMatchObject({ statusCode: 408 });
    // Timers may be a millisecond early.
    expect(allowed).toEqual([expect.toSatisfy((left: number) => left <= 5_000 - SPENT_MS + 1)]);
  });
});

describe('readTimeoutMs of the client', () => {
  it('is named where it ran out, and timeoutMs is not', async () => {
    const { client } = await agentWith(
      { job: running, request: (request) => request.url === '/health/' },
      { readTimeoutMs: 30, maxRetries: 0 },
    );
    // Only an agent that says that it can gives the last lines: it is asked first.
    const { error } = await collect(client.streamTailJobLogs('job', { tailLines: 1 }));
    expect(error).toMatchObject({ statusCode: 408, code: 'READ_TIMEOUT' });
    expect((error as Error).message).toMatch(/30 ms \(readTimeoutMs\)\.$/);
  });
});

describe('Retry-After', () => {
  it('past a minute ends a tail at once, and the error says how long', async () => {
    const { client } = await agentWith({
      job: running,
      stream: (response) => void response.writeHead(503, { 'retry-after': '3600' }).end(),
    });
    expect(await collect(client.streamTailJobLogs('job'))).toMatchObject({
      error: { statusCode: 503, retryAfterMs: 3_600_000 },
      end: { reason: 'failed' },
    });
  });
});

describe('timeoutMs of the client', () => {
  it('does not cut the read that proves an end, however slow its reader', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} ${'x'.repeat(200)}`);
    const { client } = await agentWith(
      {
        job: () => ({ job_id: 'job', status: 'SUCCEEDED', start_time: 1 }),
        logs: () => `${lines.join('\n')}\n`,
      },
      { timeoutMs: 200 },
    );
    const tail = client.streamTailJobLogs('job');
    let count = 0;
    for await (const batch of tail.batches()) {
      // A reader who is past the time-out before most of the log is read.
      if (count === 0) await sleep(400);
      count += batch.length;
    }
    expect(count).toBe(lines.length);
    expect((await tail.end).reason).toBe('complete');
  });
});
