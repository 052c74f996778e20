import type { LogConnection, LogTransport } from '@raywire/core';
import { collect } from '@raywire/testing';
import { describe, expect, it } from 'vitest';
import { agentWith, event, sse as SSE } from './tail-lab.js';

const job = () => ({ job_id: 'job', status: 'RUNNING', start_time: 1 });

/** A tail whose token expires after its first line; the function that should give another never does. */
async function tailWithoutAnotherToken(timeoutMs: number) {
  const askedAgain = Promise.withResolvers<void>();
  let asked = 0;
  const { client } = await agentWith(
    {
      job,
      stream(response, { index }) {
        if (index > 0) return void response.writeHead(401).end();
        response.writeHead(200, SSE).write(event({ message: 'one' }));
        setImmediate(() => response.destroy());
      },
    },
    {
      agentToken: () => {
        asked++;
        if (asked === 1) return 'first-token';
        askedAgain.resolve();
        return new Promise<string>(() => undefined);
      },
    },
  );
  const abort = new AbortController();
  const tail = client.streamTailJobLogs('job', { timeoutMs, signal: abort.signal });
  return { client, tail, abort, askedAgain: askedAgain.promise };
}

describe('a token function that does not settle', () => {
  it('is not waited for by an abort', async () => {
    const { tail, abort, askedAgain } = await tailWithoutAnotherToken(30_000);
    const collected = collect(tail);
    await askedAgain;
    abort.abort(new Error('by the caller'));
    expect(await collected).toMatchObject({
      lines: ['one'],
      error: { message: 'by the caller' },
      end: { reason: 'aborted' },
    });
  });

  it('is not waited for by close(), nor by the close of the client', async () => {
    const { client, tail, askedAgain } = await tailWithoutAnotherToken(30_000);
    const collected = collect(tail);
    await askedAgain;
    await tail.close();
    expect(await collected).toMatchObject({ error: undefined, end: { reason: 'aborted' } });
    await client.close();
  });

  it('is waited for no longer than timeoutMs', async () => {
    const { tail } = await tailWithoutAnotherToken(50);
    expect(await collect(tail)).toMatchObject({
      lines: ['one'],
      error: {
        statusCode: 503,
        cause: { errors: expect.arrayContaining([expect.objectContaining({ statusCode: 408 })]) },
      },
      end: { reason: 'failed' },
    });
  });
});

describe('a transport that does not hear its signal', () => {
  it.each(['opens', 'reads'])('does not hold a tail that is closed while it %s', async (doing) => {
    const never = new Promise<never>(() => undefined);
    const busy = Promise.withResolvers<void>();
    const waits = (): Promise<never> => {
      busy.resolve();
      return never;
    };
    const silent: LogConnection = {
      status: 101,
      headers: {},
      closed: never,
      [Symbol.asyncIterator]: () => ({ next: waits }),
      close: () => undefined,
    };
    const open = async (): Promise<LogConnection> => (doing === 'opens' ? waits() : silent);
    const transport: LogTransport = { contractVersion: 1, name: 'websocket', open };
    const { client } = await agentWith({ job }, { transports: [transport] });
    const tail = client.websocketTailJobLogs('job');
    const collected = collect(tail);
    await busy.promise;
    await tail.close();
    expect(await collected).toMatchObject({ lines: [], error: undefined, end: { reason: 'aborted' } });
  });

  it('has its connection closed that opens after the end', async () => {
    const opening = Promise.withResolvers<void>();
    const opened = Promise.withResolvers<LogConnection>();
    const closed = Promise.withResolvers<void>();
    const transport: LogTransport = {
      contractVersion: 1,
      name: 'websocket',
      open() {
        opening.resolve();
        return opened.promise;
      },
    };
    const { client } = await agentWith({ job }, { transports: [transport] });
    const tail = client.websocketTailJobLogs('job');
    const collected = collect(tail);
    await opening.promise;
    await tail.close();
    await collected;
    opened.resolve({
      status: 101,
      headers: {},
      closed: new Promise(() => undefined),
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('read after the end')) }),
      close: closed.resolve,
    });
    await closed.promise;
  });
});
