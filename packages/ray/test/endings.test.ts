import { once } from 'node:events';
import {
  AuthenticationError,
  NotFoundError,
  RemoteStreamError,
  StreamLimitExceededError,
} from '@raywire/core';
import { type AgentScript, sendLines, writeLines } from '@raywire/testing';
import { describe, expect, it } from 'vitest';
import { agentWith, collect, complete, lines, running, sse } from './tail-lab.js';

describe('a tail that cannot go on, or is not to', () => {
  it('asks a token function once more after a 401, on the handshake too', async () => {
    const tokens = ['old', 'new'];
    const script: AgentScript = {
      job: running,
      refuseUpgrade(socket, { headers }) {
        if (headers.authorization === 'new') return false;
        socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
        return true;
      },
      webSocket(socket) {
        sendLines(socket, lines);
        socket.send(complete);
      },
    };
    const rotating = await agentWith(script, { agentToken: () => tokens.shift() ?? 'new' });
    expect((await collect(rotating.tail())).got).toEqual(lines);
    const fixed = await agentWith(script, { agentToken: 'old' });
    const { error } = await collect(fixed.tail());
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(fixed.agent.calls).toHaveLength(1);
  });

  it('ends with the error that the server sent', async () => {
    const { tail } = await agentWith({
      job: running,
      webSocket(socket) {
        sendLines(socket, lines.slice(0, 1));
        socket.send(JSON.stringify({ type: 'error', message: 'the log is on fire' }));
      },
    });
    const { got, error } = await collect(tail());
    expect(got).toEqual(['one']);
    expect(error).toBeInstanceOf(RemoteStreamError);
    expect(error).toMatchObject({ statusCode: 500, message: expect.stringContaining('the log is on fire') });
  });

  it.each(['websocket', 'http'] as const)('keeps the limits over reconnects (%s)', async (protocol) => {
    const { tail } = await agentWith({
      job: running,
      webSocket(socket, { index }) {
        sendLines(socket, lines.slice(0, 2 + index));
        setImmediate(() => socket.terminate());
      },
      stream(response, { index }) {
        response.writeHead(200, sse);
        writeLines(response, lines.slice(0, 2 + index));
        setImmediate(() => response.destroy());
      },
    });
    const tailed = tail({ protocol, streamLimits: { maxLines: 4 } });
    const { got, error } = await collect(tailed);
    expect(got).toEqual(lines.slice(0, 4));
    expect(error).toBeInstanceOf(StreamLimitExceededError);
    expect(error).toMatchObject({ statusCode: 429, limit: 'maxLines', max: 4 });
  });

  it.each(['this realm', 'a polyfill'])(
    'throws the reason of an aborted signal of %s, and frees the socket',
    async (realm) => {
      const abort = new AbortController();
      const polyfill = {
        aborted: false,
        get reason(): unknown {
          return abort.signal.reason;
        },
        addEventListener: abort.signal.addEventListener.bind(abort.signal),
      } as unknown as AbortSignal;
      const freed = Promise.withResolvers<void>();
      const { tail } = await agentWith({
        job: running,
        webSocket(socket) {
          sendLines(socket, lines);
          socket.on('close', () => freed.resolve());
        },
      });
      const tailed = tail({ signal: realm === 'a polyfill' ? polyfill : abort.signal });
      const reason = new Error('enough');
      const got: string[] = [];
      await expect(async () => {
        for await (const line of tailed) {
          got.push(line);
          if (got.length === 2) abort.abort(reason);
        }
      }).rejects.toBe(reason);
      expect(got).toEqual(lines.slice(0, 2));
      expect(await tailed.end).toMatchObject({ reason: 'aborted', error: reason });
      await freed.promise;
    },
  );

  it('ends quietly by break and by close(), and frees the socket', async () => {
    const freed: Promise<unknown>[] = [];
    const { tail } = await agentWith({
      job: running,
      webSocket(socket) {
        sendLines(socket, lines);
        freed.push(once(socket, 'close'));
      },
    });
    const left = tail();
    for await (const line of left) if (line === 'one') break;
    expect(await left.end).toMatchObject({ reason: 'aborted', lines: 1 });
    const closed = tail();
    const waiting = collect(closed);
    const events = closed[Symbol.asyncDispose].bind(closed);
    while (freed.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await events();
    expect((await waiting).error).toBeUndefined();
    await Promise.all(freed);
    const unread = tail();
    await unread.close();
    expect(await unread.end).toMatchObject({ reason: 'aborted', lines: 0, transport: null });
  });

  it('keeps an answer as it is: 404 on both wires', async () => {
    const { tail } = await agentWith({});
    const { error } = await collect(tail());
    expect(error).toBeInstanceOf(NotFoundError);
    expect((error as Error).cause).toBeInstanceOf(AggregateError);
  });

  it('shows no token in whatever ends it', async () => {
    const { tail } = await agentWith({
      refuseUpgrade(socket) {
        const body = '<html>you sent secret-token</html>';
        socket.end(
          `HTTP/1.1 502 Bad Gateway\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
        );
        return true;
      },
    });
    const { error } = await collect(tail({ protocol: 'websocket' }));
    const { inspect } = await import('node:util');
    expect(error).toMatchObject({ statusCode: 502 });
    expect(inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error)).not.toContain(
      'secret-token',
    );
  });
});
