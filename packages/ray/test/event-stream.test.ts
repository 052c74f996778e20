import { once } from 'node:events';
import { decodeCursor, toResponse, toSSE } from '@raywire/agent';
import { type AgentScript, sendLines, startHttpServer } from '@raywire/testing';
import { EventSource } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import { agentWith, complete, lines, running, succeeded } from './tail-lab.js';

const odd = [...lines, '', 'a\rb', 'a\u2028b', 'data: x', '\ud83d\ude00'];
const whole: AgentScript = {
  job: succeeded,
  webSocket(socket) {
    sendLines(socket, odd);
    socket.send(complete);
  },
};

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(stream).text();
}

/** What a browser sees until the event `end`, which comes back where it is cut off. */
async function view(url: string): Promise<{ got: string[]; ids: string[]; end: unknown }> {
  const source = new EventSource(url, { node: { reconnectionTime: 1 } });
  const got: string[] = [];
  const ids: string[] = [];
  source.onmessage = ({ data, lastEventId }) => {
    got.push(...JSON.parse(data));
    ids.push(lastEventId);
  };
  const end = await new Promise<unknown>((resolve) => {
    source.addEventListener('end', (event) => resolve(JSON.parse((event as MessageEvent).data)));
  });
  source.close();
  return { got, ids, end };
}

type Open = Parameters<typeof toResponse>[0];

/** A relay as a program would have it; `cut` may end an answer after a chunk of it. */
async function relay(open: Open, cut: (chunk: string) => boolean = () => false): Promise<string> {
  const server = await startHttpServer(async ({ headers }, response) => {
    const answer = toResponse(open, { lastEventId: headers['last-event-id'] as string | undefined });
    response.writeHead(200, Object.fromEntries(answer.headers));
    if (answer.body === null) throw new Error('no body');
    for await (const chunk of answer.body) {
      await new Promise((resolve) => response.write(chunk, resolve));
      if (cut(new TextDecoder().decode(chunk))) break;
    }
    response.destroy();
  });
  onTestFinished(() => server.close());
  return server.url;
}

it('gives a browser every line, whatever is in it, and then the end', async () => {
  const { client } = await agentWith(whole);
  const url = await relay((cursor) => client.tailJobLogs('job', { cursor, carriageReturn: 'keep' }));
  const { got, end } = await view(url);
  expect(got).toEqual(odd);
  expect(end).toEqual({
    reason: 'complete',
    jobStatus: 'SUCCEEDED',
    exitCode: 0,
    message: null,
    lines: odd.length,
  });
});

it('gives a browser that comes back the lines after those that it has', async () => {
  const cutOnce = Promise.withResolvers<void>();
  const { client } = await agentWith({
    job: succeeded,
    async webSocket(socket) {
      sendLines(socket, odd.slice(0, 3));
      await cutOnce.promise;
      sendLines(socket, odd.slice(3));
      socket.send(complete);
    },
  });
  const cursors: unknown[] = [];
  const url = await relay(
    (cursor) => {
      cursors.push(cursor);
      return client.tailJobLogs('job', { cursor, carriageReturn: 'keep' });
    },
    (chunk) => {
      if (cursors.length > 1 || !chunk.includes('data:')) return false;
      cutOnce.resolve();
      return true;
    },
  );
  const { got, ids, end } = await view(url);
  expect(got).toEqual(odd);
  expect(cursors).toEqual([undefined, decodeCursor(ids[0] as string)]);
  expect(end).toMatchObject({ reason: 'complete' });
});

it('sends nothing before it is pulled, and a comment at once and in silence', async () => {
  const { agent, tail } = await agentWith({ job: running, webSocket: () => undefined });
  const stream = toSSE(tail(), { heartbeatMs: 5 });
  expect(agent.calls).toEqual([]);
  const reader = stream.getReader();
  for (let comments = 0; comments < 3; comments++) {
    expect(new TextDecoder().decode((await reader.read()).value)).toBe(':\n\n');
  }
  expect(agent.calls).toHaveLength(1);
  await reader.cancel();
});

it('ends with the code of a failure, and without its message', async () => {
  const { tail } = await agentWith({
    job: running,
    webSocket: (socket) => {
      sendLines(socket, ['one']);
      socket.send(JSON.stringify({ type: 'error', message: 'at 10.0.0.5' }));
    },
  });
  const text = await textOf(toSSE(tail()));
  const [, data = ''] = /^event: end\ndata: (.*)\n\n$/m.exec(text) ?? [];
  expect(JSON.parse(data)).toMatchObject({
    reason: 'failed',
    error: { code: 'REMOTE_STREAM_ERROR', statusCode: 500 },
    lines: 1,
  });
  expect(text).not.toContain('10.0.0.5');
});

it.each(['cancel', 'signal'] as const)('closes the tail and frees its socket on %s', async (how) => {
  const gone = Promise.withResolvers<unknown>();
  const { tail } = await agentWith({
    job: running,
    webSocket(socket) {
      gone.resolve(once(socket, 'close'));
      sendLines(socket, ['one']);
    },
  });
  const viewed = tail();
  const viewer = new AbortController();
  const reader = toSSE(viewed, { signal: viewer.signal }).getReader();
  await reader.read();
  await reader.read();
  if (how === 'cancel') await reader.cancel();
  else viewer.abort();
  await gone.promise;
  expect(await viewed.end).toMatchObject({ reason: 'aborted', lines: 1 });
  // No event: a browser whose relay goes away is to come back.
  expect((await reader.read()).done).toBe(true);
});

it('of a signal that was aborted already connects to nothing', async () => {
  const { agent, tail } = await agentWith(whole);
  expect(await textOf(toSSE(tail(), { signal: AbortSignal.abort() }))).toBe(':\n\n');
  expect(agent.calls).toEqual([]);
});

it('is not made from what is not an ID of its own, nor from a tail', async () => {
  const { agent, client } = await agentWith(whole);
  const open = () => client.tailJobLogs('job');
  expect(() => toResponse(open, { lastEventId: '42' })).toThrow(
    expect.objectContaining({ code: 'INVALID_CURSOR', statusCode: 400 }),
  );
  expect(() => toResponse(open() as never)).toThrow(/takes a function/);
  expect(() => toSSE(open(), { heartbeatMs: 0 })).toThrow(/heartbeatMs/);
  expect(agent.calls).toEqual([]);
});
