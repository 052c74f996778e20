import { once } from 'node:events';
import {
  AgentClient,
  type AgentClientOptions,
  StreamLimits,
  type TailEvent,
  type TailOptions,
} from '@raywire/agent';
import {
  AuthenticationError,
  ClientError,
  NotFoundError,
  RemoteStreamError,
  StreamGapError,
  StreamInterruptedError,
  StreamLimitExceededError,
} from '@raywire/core';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type AgentScript,
  type ScriptedAgent,
  sendLines,
  startScriptedAgent,
  writeLines,
} from '../servers/scripted-agent.js';

const lines = ['one', 'zwei ✓', '', 'four', '五'];
const log = `${lines.join('\n')}\n`;
const quick = { initialDelayMs: 5, maxDelayMs: 20, budget: 5 };
const sse = { 'content-type': 'text/event-stream; charset=utf-8' };
const running = () => ({ job_id: 'job', status: 'RUNNING', start_time: 1 });
const succeeded = () => ({ job_id: 'job', status: 'SUCCEEDED', start_time: 1, driver_exit_code: 0 });

const closing: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const open of closing.splice(0).reverse()) await open.close();
});

async function agentWith(script: AgentScript, options: Partial<AgentClientOptions> = {}) {
  const agent: ScriptedAgent = await startScriptedAgent(script);
  const client = new AgentClient({
    baseURL: agent.url,
    agentToken: 'secret-token',
    reconnect: quick,
    ...options,
  });
  closing.push(agent, client);
  const events: TailEvent[] = [];
  const tail = (given: TailOptions = {}) =>
    client.tailJobLogs('job', { onEvent: (event) => events.push(event), ...given });
  return { agent, client, events, tail };
}

async function collect(source: AsyncIterable<string>): Promise<{ got: string[]; error: unknown }> {
  const got: string[] = [];
  try {
    for await (const line of source) got.push(line);
    return { got, error: undefined };
  } catch (error) {
    return { got, error };
  }
}

const complete = JSON.stringify({ type: 'complete' });

describe('a tail', () => {
  it('delivers every line over WebSocket and ends with the job', async () => {
    const { tail, agent } = await agentWith({
      job: succeeded,
      webSocket(socket) {
        sendLines(socket, lines);
        socket.send(complete);
      },
    });
    const tailed = tail();
    expect(await collect(tailed)).toEqual({ got: lines, error: undefined });
    expect(await tailed.end).toEqual({
      reason: 'complete',
      jobStatus: 'SUCCEEDED',
      exitCode: 0,
      lines: 5,
      bytes: new TextEncoder().encode(lines.join('')).length,
      reconnects: 0,
      transport: 'websocket',
    });
    expect(agent.calls[0]?.headers.authorization).toBe('secret-token');
  });

  it('reads messages as the protocol says: many lines, JSON that is no object, text, unknown types', async () => {
    const { tail } = await agentWith({
      job: succeeded,
      webSocket(socket) {
        socket.send(JSON.stringify({ message: 'a\nb\r\n\nc\n' }));
        socket.send('42');
        socket.send('null');
        socket.send('plain text');
        socket.send(JSON.stringify({ type: 'stderr', message: 'with a type' }));
        socket.send(JSON.stringify({ message: '' }));
        socket.send('{"level": "info"}');
        socket.send(Buffer.from('{"message":"binary"}'));
        socket.send(JSON.stringify({ type: 'partial', message: 'a line of an old agent' }));
        socket.send(complete);
      },
    });
    const expected = [
      'a',
      'b',
      '',
      'c',
      '42',
      'null',
      'plain text',
      'with a type',
      '',
      '{"level": "info"}',
      'binary',
    ];
    expect((await collect(tail())).got).toEqual([...expected, 'a line of an old agent']);
  });

  it.each([
    ['text/event-stream', (event: string) => `data: ${event}\n\n`],
    [
      'text/event-stream',
      (event: string) => `event: log\r\nid: 7\r\ndata: ${event}\r\n\r\n: comment\r\n\r\n`,
    ],
    ['text/plain', (event: string) => `data: ${event}\n`],
  ])('reads %s over HTTP', async (type, frame) => {
    const { tail } = await agentWith({
      job: succeeded,
      stream(response) {
        response.writeHead(200, { 'content-type': type });
        const body = [...lines.map((message) => JSON.stringify({ message })), complete].map(frame).join('');
        // Byte by byte: UTF-8 sequences and fields are cut everywhere.
        for (const byte of Buffer.from(body)) response.write(Buffer.of(byte));
        response.end();
      },
    });
    const tailed = tail({ protocol: 'http' });
    expect(await collect(tailed)).toEqual({ got: lines, error: undefined });
    expect((await tailed.end).transport).toBe('http');
  });

  it('takes lines without a field for text, as old agents send them', async () => {
    const { tail } = await agentWith({
      job: succeeded,
      stream(response) {
        response.writeHead(200, sse);
        response.end(`plain line\nerror: disk full\ndata: ${complete}\n\n`);
      },
    });
    expect((await collect(tail({ protocol: 'http' }))).got).toEqual(['plain line', 'error: disk full']);
  });

  it('falls back to HTTP when the upgrade is refused, and says so', async () => {
    const { tail, events } = await agentWith({
      job: succeeded,
      refuseUpgrade(socket) {
        socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
        return true;
      },
      stream(response) {
        response.writeHead(200, sse);
        writeLines(response, lines);
        response.end(`data: ${complete}\n\n`);
      },
    });
    const tailed = tail();
    expect((await collect(tailed)).got).toEqual(lines);
    expect(events.map((event) => event.type)).toEqual(['fallback', 'connect']);
    expect(events[0]).toMatchObject({ from: 'websocket', to: 'http', error: { statusCode: 403 } });
    expect(await tailed.end).toMatchObject({ reason: 'complete', transport: 'http', reconnects: 0 });
  });

  it('resumes a replaying agent after every kind of cut, and repeats nothing', async () => {
    const cuts = [
      (socket: { close(code?: number): void }) => socket.close(1000),
      (socket: { terminate(): void }) => socket.terminate(),
      (socket: { send(data: string): void }) => socket.send(''),
      (socket: { close(code: number): void }) => socket.close(1011),
    ] as const;
    const { tail, events } = await agentWith({
      job: running,
      webSocket(socket, { index }) {
        // Each connection comes one line further than the one before.
        sendLines(socket, lines.slice(0, index + 1));
        const cut = cuts[index];
        if (cut === undefined) socket.send(complete);
        else setImmediate(() => cut(socket));
      },
    });
    const tailed = tail();
    expect(await collect(tailed)).toEqual({ got: lines, error: undefined });
    expect(await tailed.end).toMatchObject({ reason: 'complete', reconnects: 4 });
    expect(events.filter((event) => event.type === 'reconnect')).toHaveLength(4);
  });

  it('goes on over HTTP at the same place when the WebSocket dies again and again', async () => {
    const { tail, events } = await agentWith({
      job: running,
      webSocket(socket) {
        sendLines(socket, lines.slice(0, 2));
        socket.close(1000);
      },
      stream(response) {
        response.writeHead(200, sse);
        writeLines(response, lines);
        response.end(`data: ${complete}\n\n`);
      },
    });
    const tailed = tail();
    expect(await collect(tailed)).toEqual({ got: lines, error: undefined });
    expect(events.map((event) => event.type)).toContain('fallback');
    expect((await tailed.end).transport).toBe('http');
  });

  it('never takes a break for the end: a job that runs on ends the tail with 503 and a cursor that works', async () => {
    let whole = false;
    const { tail, client } = await agentWith({
      job: running,
      webSocket(socket) {
        sendLines(socket, whole ? lines : lines.slice(0, 3));
        if (whole) socket.send(complete);
        else socket.close(1000);
      },
    });
    const tailed = tail({ protocol: 'websocket' });
    const { got, error } = await collect(tailed);
    expect(got).toEqual(lines.slice(0, 3));
    expect(error).toBeInstanceOf(StreamInterruptedError);
    expect(error).toMatchObject({ statusCode: 503 });
    expect(await tailed.end).toMatchObject({ reason: 'failed', error });
    whole = true;
    const cursor = JSON.parse(JSON.stringify((error as StreamInterruptedError).cursor));
    expect((await collect(client.tailJobLogs('job', { cursor }))).got).toEqual(lines.slice(3));
  });

  it('proves the end by the whole log when the agent never says that it is complete', async () => {
    const { tail, agent } = await agentWith({
      job: succeeded,
      logs: () => log,
      webSocket(socket) {
        sendLines(socket, lines.slice(0, 3));
        socket.close(1000);
      },
    });
    const tailed = tail();
    expect(await collect(tailed)).toEqual({ got: lines, error: undefined });
    expect(await tailed.end).toMatchObject({ reason: 'complete', jobStatus: 'SUCCEEDED', lines: 5 });
    expect(agent.requests).toContain('GET /jobs/job/logs/');
  });

  it('calls a log lost that ended out of reach', async () => {
    const { tail } = await agentWith({
      job: succeeded,
      webSocket(socket, { index }) {
        if (index === 0) sendLines(socket, lines.slice(0, 3));
        socket.close(1000);
      },
    });
    const tailed = tail();
    const { got, error } = await collect(tailed);
    expect(got).toEqual(lines.slice(0, 3));
    expect(ClientError.isInstance(error)).toBe(true);
    expect(await tailed.end).toMatchObject({ reason: 'lost', jobStatus: 'SUCCEEDED' });
  });

  it('tells a log that was replaced, or goes on with the new one where asked to', async () => {
    const script: AgentScript = {
      job: running,
      webSocket(socket, { index }) {
        sendLines(socket, index === 0 ? lines.slice(0, 3) : ['quite', 'another', 'log']);
        if (index === 0) setImmediate(() => socket.terminate());
        else socket.send(complete);
      },
    };
    const failing = await agentWith(script);
    expect((await collect(failing.tail())).error).toBeInstanceOf(StreamGapError);
    const going = await agentWith(script);
    const { got, error } = await collect(going.tail({ onGap: 'continue' }));
    expect({ got, error }).toEqual({
      got: [...lines.slice(0, 3), 'quite', 'another', 'log'],
      error: undefined,
    });
    expect(going.events.map((event) => event.type)).toContain('gap');
  });

  it('notices that the job was submitted anew under the same ID', async () => {
    let start = 1;
    const { tail, client } = await agentWith({
      job: () => ({ job_id: 'job', status: 'RUNNING', start_time: start }),
      webSocket(socket) {
        sendLines(socket, lines);
        socket.send(complete);
      },
    });
    const first = tail();
    await collect(first);
    const { cursor } = first;
    start = 2;
    expect((await collect(client.tailJobLogs('job', { cursor }))).error).toBeInstanceOf(StreamGapError);
  });

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

  it('reads to the present end with follow: false, by the whole log of an old agent', async () => {
    const { tail } = await agentWith({
      job: running,
      logs: () => `${log}unfinis`,
      webSocket: () => undefined,
    });
    const tailed = tail({ follow: false });
    expect(await collect(tailed)).toEqual({ got: lines, error: undefined });
    expect(await tailed.end).toMatchObject({ reason: 'caughtUp', jobStatus: 'RUNNING' });
  });

  it('refuses what an old agent cannot do exactly', async () => {
    const { tail } = await agentWith({ job: running, webSocket: () => undefined });
    const { error } = await collect(tail({ tailLines: 3 }));
    expect(error).toMatchObject({ statusCode: 501, code: 'UNSUPPORTED_BY_SERVER' });
  });

  it('throws the reason of an aborted signal, and frees the socket', async () => {
    const abort = new AbortController();
    const freed = Promise.withResolvers<void>();
    const { tail } = await agentWith({
      job: running,
      webSocket(socket) {
        sendLines(socket, lines);
        socket.on('close', () => freed.resolve());
      },
    });
    const tailed = tail({ signal: abort.signal });
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
  });

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

  it('has one consumer', async () => {
    const { tail } = await agentWith({ job: running });
    const tailed = tail();
    tailed.batches();
    expect(() => tailed[Symbol.asyncIterator]()).toThrow('has a consumer already');
  });

  it('reads the same as batches and as a stream', async () => {
    const script: AgentScript = {
      job: running,
      webSocket(socket) {
        sendLines(socket, lines);
        socket.send(complete);
      },
    };
    const { tail } = await agentWith(script);
    const batches: string[][] = [];
    for await (const batch of tail().batches()) batches.push(batch);
    expect(batches.flat()).toEqual(lines);
    expect((await collect(tail().toReadableStream())).got).toEqual(lines);
  });

  it('keeps an answer as it is: 404 on both wires', async () => {
    const { tail } = await agentWith({});
    const { error } = await collect(tail());
    expect(error).toBeInstanceOf(NotFoundError);
    expect((error as Error).cause).toBeInstanceOf(AggregateError);
  });

  it('asks a quiet old agent for its job, and drains when that has ended', async () => {
    let ended = false;
    const { tail } = await agentWith(
      {
        job: () => (ended ? succeeded() : running()),
        logs: () => log,
        webSocket(socket) {
          sendLines(socket, lines.slice(0, 4));
          ended = true;
        },
      },
      { heartbeat: { intervalMs: 30, timeoutMs: 5_000 } },
    );
    const tailed = tail();
    expect(await collect(tailed)).toEqual({ got: lines, error: undefined });
    expect((await tailed.end).reason).toBe('complete');
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

describe('bad input to a tail', () => {
  const client = new AgentClient({ baseURL: 'http://127.0.0.1:9' });
  it.each([
    ['a path', '../x'],
    ['a slash', 'a/b'],
    ['a space', 'a b'],
    ['nothing', ''],
    ['101 characters', 'x'.repeat(101)],
    ['null', null],
    ['an object', {}],
  ])('refuses %s as a job ID, at once', (_, id) => {
    expect(() => client.tailJobLogs(id as string)).toThrow(expect.objectContaining({ statusCode: 400 }));
  });

  it.each([0, -1, Number.NaN, '5', 300_001])('refuses the time-out %s', (timeoutMs) => {
    expect(() => client.tailJobLogs('job', { timeoutMs: timeoutMs as number })).toThrow(/timeoutMs/);
  });

  it.each([
    [{ timeout: 30 }, /timeoutMs: 30000/],
    [60, /timeoutMs: 60000/],
    [{ protocol: 'smoke-signals' }, /smoke-signals/],
    [{ maxLine: 1 }, /maxLine/],
    [{ tailLines: -1 }, /tailLines/],
    [{ cursor: { version: 1 } }, /cursor/],
    [{ carriageReturn: 'eat' }, /carriageReturn/],
    [{ streamLimits: { max_lines: 5 } }, /maxLines/],
    [{ signal: 'now' }, /signal/],
  ])('refuses the options %j, naming the remedy', (options, message) => {
    expect(() => client.tailJobLogs('job', options as never)).toThrow(message);
    expect(() => client.tailJobLogs('job', options as never)).toThrow(
      expect.objectContaining({ statusCode: 400 }),
    );
  });

  it('keeps limits that are set on the client', () => {
    client.streamLimits = new StreamLimits({ maxLines: 1 });
    expect(client.streamLimits.maxLines).toBe(1);
    expect(() => {
      client.streamLimits = { maxLines: 0 } as StreamLimits;
    }).toThrow(/maxLines/);
  });
});
