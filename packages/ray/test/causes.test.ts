import { ClientConnectionError, type LogConnection, type LogTransport, NotFoundError } from '@raywire/core';
import { collect } from '@raywire/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentWith, running, sse } from './tail-lab.js';

/** Every error below one, to the last: fails where one is below itself. */
function below(error: unknown, path: readonly unknown[] = []): unknown[] {
  expect(path).not.toContain(error);
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? [error.cause, ...error.errors] : [error.cause];
  return inner.flatMap((cause) => [cause, ...below(cause, [...path, error])]);
}

function transport(name: string, open: LogTransport['open']): LogTransport {
  return { contractVersion: 1, name, open };
}

describe('the error of a tail', () => {
  it('that both wires refused names both attempts, and is not below itself', async () => {
    const { tail } = await agentWith({
      job: running,
      refuseUpgrade(socket) {
        socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
        return true;
      },
    });
    const { error, end } = await collect(tail());
    expect(error).toBeInstanceOf(NotFoundError);
    expect(end).toMatchObject({ error });
    const { errors } = (error as NotFoundError).cause as AggregateError;
    expect(errors.map(({ statusCode }) => statusCode)).toEqual([403, 404]);
    expect(below(error)).not.toContain(error);
  });

  it('leads to an end, whatever the server answered', async () => {
    const answers = fc.array(fc.constantFrom(400, 403, 404, 408, 418, 500, 502, 503, 'reset', 'page'), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(answers, fc.constantFrom('auto', 'websocket', 'http'), async (given, protocol) => {
        const answerOf = (index: number) => given[index % given.length];
        const { tail, client, agent } = await agentWith(
          {
            job: running,
            refuseUpgrade(socket, { index }) {
              const answer = answerOf(index);
              if (typeof answer !== 'number') socket.destroy();
              else socket.end(`HTTP/1.1 ${answer} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
              return true;
            },
            stream(response, { index }) {
              const answer = answerOf(index);
              if (answer === 'reset') response.destroy();
              else if (answer === 'page') response.writeHead(200, { 'content-type': 'text/html' }).end('<p>');
              else response.writeHead(answer as number).end();
            },
          },
          { reconnect: { initialDelayMs: 1, maxDelayMs: 2, giveUpAfterMs: 10 } },
        );
        const { error } = await collect(tail({ protocol }));
        expect(error).toBeInstanceOf(Error);
        below(error);
        await client.close();
        await agent.close();
      }),
      { numRuns: 40 },
    );
  });

  it('that a transport throws as one and the same object again and again leads to an end', async () => {
    const same = new ClientConnectionError({ message: 'always this one' });
    const fails = async (): Promise<never> => {
      throw same;
    };
    const transports = [transport('websocket', fails), transport('http', fails)];
    const { tail } = await agentWith({ job: running }, { transports });
    const { error } = await collect(tail());
    expect(error).toMatchObject({ statusCode: 503, message: expect.stringContaining('always this one') });
    below(error);
  });
});

describe('a programming error of a transport', () => {
  const broken = (): never => {
    const nothing = undefined as unknown as { length: number };
    return nothing.length as never;
  };
  const connection: LogConnection = {
    status: 101,
    headers: {},
    closed: Promise.resolve({ clean: false }),
    [Symbol.asyncIterator]: () => ({ next: async () => broken() }),
    close: () => undefined,
  };

  it.each<[string, LogTransport['open']]>([
    ['while it opens', async () => broken()],
    ['while it reads', async () => connection],
  ])('%s is reported as that, at once', async (_, open) => {
    const { tail, events } = await agentWith(
      { job: running },
      { transports: [transport('websocket', open)] },
    );
    const { error, end } = await collect(tail());
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: expect.stringContaining("reading 'length'") });
    expect(end).toMatchObject({ reason: 'failed', error });
    expect(events.filter(({ type }) => type !== 'connect')).toEqual([]);
  });

  it('is not what fetch reports of a lost connection', async () => {
    const lost = async (): Promise<never> => {
      throw new TypeError('fetch failed', {
        cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
      });
    };
    const { tail } = await agentWith({ job: running }, { transports: [transport('http', lost)] });
    const { error } = await collect(tail({ protocol: 'http' }));
    expect(error).toMatchObject({ statusCode: 503, code: 'CONNECTION_FAILED' });
  });
});

describe('the iterator of a third party', () => {
  type Leave = (
    tail: AsyncIterable<string> & { close(): Promise<void> },
    abort: AbortController,
  ) => Promise<void>;
  const first = async (tail: AsyncIterable<string>): Promise<void> => {
    for await (const _ of tail) break;
  };
  const leaving: [string, Leave][] = [
    ['break', first],
    [
      'close() while it waits',
      async (tail) => {
        const lines = tail[Symbol.asyncIterator]();
        await lines.next();
        const waiting = lines.next();
        await tail.close();
        await waiting;
      },
    ],
    [
      'an abort while it waits',
      async (tail, abort) => {
        const lines = tail[Symbol.asyncIterator]();
        await lines.next();
        const waiting = lines.next();
        abort.abort(new Error('enough'));
        await waiting.catch(() => undefined);
      },
    ],
    [
      'an abort between two lines',
      async (tail, abort) => {
        const lines = tail[Symbol.asyncIterator]();
        await lines.next();
        abort.abort(new Error('enough'));
        await lines.next().catch(() => undefined);
      },
    ],
  ];

  it.each(leaving)('is told by return() when a tail is left by %s', async (_, leave) => {
    const returned = Promise.withResolvers<string>();
    let frames = 0;
    const open = async (): Promise<LogConnection> => ({
      status: 200,
      headers: sse,
      closed: new Promise(() => undefined),
      [Symbol.asyncIterator]: () => ({
        next: () =>
          frames++ === 0
            ? Promise.resolve({ done: false as const, value: 'data: {"message":"one"}\n\n' })
            : new Promise<never>(() => undefined),
        async return() {
          returned.resolve('returned');
          return { done: true as const, value: undefined };
        },
      }),
      close: () => undefined,
    });
    const abort = new AbortController();
    const { tail } = await agentWith({ job: running }, { transports: [transport('http', open)] });
    await leave(tail({ protocol: 'http', signal: abort.signal }), abort);
    expect(await returned.promise).toBe('returned');
  });
});
