import { AgentClient, type TailOptions } from '@raywire/agent';
import { type HttpRequester, type LogConnection, type LogTransport, StreamGapError } from '@raywire/core';
import {
  type AgentScript,
  collect,
  type ScriptedAgent,
  sendLines,
  startScriptedAgent,
  type Treatment,
  writeLines,
} from '@raywire/testing';
import { webSocketTransport } from '@raywire/transport-ws';
import { afterEach, describe, expect, it } from 'vitest';
import { openLaboratory, QUICK_RECONNECT, SLOW_HEARTBEAT } from './lab/laboratory.js';
import { answerOf } from './lab/schedule.js';

const closing: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const open of closing.splice(0).reverse()) await open.close();
});

async function clientOf(script: AgentScript): Promise<{ agent: ScriptedAgent; client: AgentClient }> {
  const agent = await startScriptedAgent(script);
  const client = new AgentClient({
    baseURL: agent.url,
    agentToken: 'token',
    reconnect: { ...QUICK_RECONNECT, giveUpAfterMs: 100 },
  });
  closing.push(agent, client);
  return { agent, client };
}

/** A client of an old agent whose WebSocket gives these messages, and then `complete`. */
function clientOver(messages: readonly Promise<string>[]): AgentClient {
  const connection: LogConnection = {
    status: 101,
    headers: {},
    closed: Promise.resolve({ clean: true }),
    async *[Symbol.asyncIterator]() {
      for (const message of messages) yield await message;
      yield '{"type":"complete"}';
    },
    close: () => undefined,
  };
  const requester: HttpRequester = {
    contractVersion: 1,
    request: async () => ({
      status: 404,
      headers: {},
      body: new ReadableStream<Uint8Array>({ start: (controller) => controller.close() }),
      cancel: () => undefined,
    }),
  };
  const transport: LogTransport = { contractVersion: 1, name: 'websocket', open: async () => connection };
  const client = new AgentClient({ baseURL: 'http://agent', transports: [transport], requester });
  closing.push(client);
  return client;
}

async function tailed(client: AgentClient, options: TailOptions = {}) {
  const tail = client.tailJobLogs('job', options);
  const got: string[] = [];
  try {
    for await (const line of tail) got.push(line);
  } catch (error) {
    return { got, error, end: await tail.end };
  }
  return { got, error: undefined, end: await tail.end };
}

async function linesFrom(source: AsyncIterable<string>): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of source) lines.push(line);
  return lines;
}

const running = () => ({ job_id: 'job', status: 'RUNNING', start_time: 1 });
const succeeded = () => ({ job_id: 'job', status: 'SUCCEEDED', start_time: 1 });

describe('what the laboratory has found', () => {
  it('a last line without a newline that came before the cut is proven by the whole log', async () => {
    const { client } = await clientOf({
      job: succeeded,
      logs: () => 'one\ntwo, without a newline',
      webSocket(socket) {
        sendLines(socket, ['one', 'two, without a newline']);
        socket.close(1000);
      },
    });
    const { got, error, end } = await tailed(client);
    expect({ got, error }).toEqual({ got: ['one', 'two, without a newline'], error: undefined });
    expect(end.reason).toBe('complete');
  });

  it('a log that has become shorter than the cursor is told with follow: false too', async () => {
    let log = 'one\ntwo\nthree\n';
    const { client } = await clientOf({ job: running, logs: () => log, webSocket: () => undefined });
    const first = client.tailJobLogs('job', { follow: false });
    for await (const _ of first);
    const { cursor } = first;
    log = 'one\n';
    const { error } = await tailed(client, { follow: false, cursor });
    expect(error).toBeInstanceOf(StreamGapError);
  });

  it('a gateway keeps the bare return at the very end of a log, and its whole log proves that', async () => {
    const laboratory = await openLaboratory('gateway');
    closing.push(laboratory);
    const jobId = laboratory.addJob({ text: 'one\n10%\r20%\r', life: 'ended' });
    const untouched = laboratory.client().tailJobLogs(jobId, { carriageReturn: 'keep' });
    expect(await linesFrom(untouched)).toEqual(['one', '10%\r20%\r']);
    // Both lines come over, and of the `complete` event the beginning.
    laboratory.proxy.plan(jobId, []);
    await linesFrom(laboratory.client().tailJobLogs(jobId));
    const [whole = 0] = laboratory.proxy.answered(jobId);
    // No second connection stands: the whole log, by REST, has to prove the end.
    laboratory.proxy.plan(jobId, [
      { cut: { after: whole - 20, how: 'fin' } },
      ...Array<Treatment>(20).fill({ answer: answerOf(503) }),
    ]);
    const cut = laboratory.client().tailJobLogs(jobId, { carriageReturn: 'keep', protocol: 'websocket' });
    expect(await linesFrom(cut)).toEqual(['one', '10%\r20%\r']);
    expect((await cut.end).reason).toBe('complete');
  });

  it('a tail of the last lines has no cursor before it has learnt where it begins', async () => {
    const laboratory = await openLaboratory('gateway');
    closing.push(laboratory);
    const jobId = laboratory.addJob({ text: 'one\ntwo\nthree\n', life: 'ended' });
    laboratory.proxy.plan(jobId, [{ answer: answerOf(403) }]);
    const tail = laboratory.client().tailJobLogs(jobId, { protocol: 'http', tailLines: 1 });
    await expect(linesFrom(tail)).rejects.toMatchObject({ statusCode: 403 });
    expect(tail.cursor).toBeUndefined();
  });

  it('a bare return as the last line of an old agent is an empty line, by every way', async () => {
    const { client } = await clientOf({
      job: succeeded,
      logs: () => 'one\n\r',
      webSocket(socket) {
        sendLines(socket, ['one']);
        socket.close(1000);
      },
    });
    expect((await tailed(client)).got).toEqual(['one', '']);
  });

  it('a complete event that counts more bytes than came is not believed, the first line missing or the last', async () => {
    const { client, agent } = await clientOf({
      capabilities: ['resume', 'batch'],
      job: running,
      webSocket(socket, { index }) {
        if (index > 0) socket.send('{"type":"log","message":"one\\ntwo\\n","offset":8}');
        socket.send('{"type":"complete","status":"SUCCEEDED","exit_code":0,"offset":8}');
      },
    });
    const { got, end } = await tailed(client);
    expect(got).toEqual(['one', 'two']);
    expect(end.reason).toBe('complete');
    expect(agent.calls).toHaveLength(2);
  });

  it('an answer that a buffering proxy holds back is waited for as long as the job runs', async () => {
    const held = 8;
    const { client, agent } = await clientOf({
      job: running,
      stream(response, { index }) {
        if (index < held) return;
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        writeLines(response, ['one']);
        response.end('data: {"type":"complete","status":"SUCCEEDED"}\n\n');
      },
    });
    const { got, error } = await tailed(client, { protocol: 'http', timeoutMs: 400 });
    expect({ got, error }).toEqual({ got: ['one'], error: undefined });
    expect(agent.calls).toHaveLength(held + 1);
  });

  it('a batch that comes at the very moment of leaving is not counted as read by the cursor', async () => {
    const rest: string[][] = [];
    for (let microtasks = 0; microtasks < 40; microtasks++) {
      const arriving = Promise.withResolvers<string>();
      const client = clientOver([Promise.resolve('one'), arriving.promise]);
      const tail = client.tailJobLogs('job', { protocol: 'websocket' });
      const lines = tail[Symbol.asyncIterator]();
      const got = [(await lines.next()).value as string];
      const next = lines.next();
      arriving.resolve('two');
      for (let turn = 0; turn < microtasks; turn++) await undefined;
      await tail.close();
      const last = await next;
      if (last.done !== true) got.push(last.value);
      const resumed = clientOver([Promise.resolve('one'), Promise.resolve('two')]);
      for await (const line of resumed.tailJobLogs('job', { protocol: 'websocket', cursor: tail.cursor }))
        got.push(line);
      rest.push(got);
    }
    expect(rest).toEqual(rest.map(() => ['one', 'two']));
  });

  it("a WebSocket of a browser's that died silently is noticed while the job runs", async () => {
    const laboratory = await openLaboratory('gateway');
    closing.push(laboratory);
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`);
    const text = `${lines.join('\n')}\n`;
    const jobId = laboratory.addJob({
      text,
      life: 'running',
      gateway: { startBytes: text.length, holdUntil: new Promise(() => undefined) },
    });
    laboratory.proxy.plan(jobId, [{ cut: { after: 500, how: 'silence' } }]);
    // It can neither send headers nor ping, and shows no ping.
    const socket = webSocketTransport();
    const transport: LogTransport = {
      ...socket,
      sendsHeaders: false,
      open: ({ heartbeat: _, ...request }) => socket.open({ ...request, headers: {} }),
    };
    const tail = laboratory.client({ transports: [transport] }).tailJobLogs(jobId, { protocol: 'websocket' });
    const got: string[] = [];
    for await (const line of tail) if (got.push(line) === lines.length) break;
    expect(got).toEqual(lines);
    expect(await tail.end).toMatchObject({ reconnects: 1 });
  });

  it('a whole log whose end nothing tells but that of the connection proves no end that was a cut', async () => {
    const log = 'one\ntwo\nthree, without a newline';
    // The bytes after which a connection is cut; the others bring all of it.
    const cuts = [6, 2, 9, 0, log.length, 7];
    const { client, agent } = await clientOf({
      job: succeeded,
      webSocket(socket) {
        sendLines(socket, ['one']);
        socket.close(1000);
      },
      request(request, response) {
        if (request.url !== '/jobs/job/logs/') return false;
        response.useChunkedEncodingByDefault = false;
        response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
        response.end(log.slice(0, cuts.shift()));
        return true;
      },
    });
    const { got, error, end } = await tailed(client);
    expect({ got, error }).toEqual({ got: log.split('\n'), error: undefined });
    expect(end.reason).toBe('complete');
    expect(agent.requests.filter((request) => request === 'GET /jobs/job/logs/')).toHaveLength(8);
  });

  it('a whole log that says how long it is, and is shorter than what came of it before, proves no end', async () => {
    const log = 'one\ntwo\nthree\n';
    let asked = 0;
    const { client } = await clientOf({
      job: succeeded,
      webSocket: (socket) => socket.close(1000),
      request(request, response) {
        if (request.url !== '/jobs/job/logs/') return false;
        asked++;
        const body = asked === 1 ? log.slice(0, 9) : asked === 2 ? log.slice(0, 4) : log;
        const isFramed = asked === 2;
        response.useChunkedEncodingByDefault = false;
        response.writeHead(200, {
          'content-type': 'text/plain; charset=utf-8',
          connection: 'close',
          ...(isFramed && { 'content-length': body.length }),
        });
        response.end(body);
        return true;
      },
    });
    const { got, end } = await tailed(client);
    expect(got).toEqual(['one', 'two', 'three']);
    expect(end.reason).toBe('complete');
  });

  describe.each(['websocket', 'http'])('a job that is replaced under its ID (%s)', (protocol) => {
    const first = Array.from({ length: 100 }, (_, index) => `first ${index}`);
    const second = Array.from({ length: 300 }, (_, index) => `second ${index}`);

    /** Cuts the tail of the first job, and replaces the job before the tail comes back. */
    async function tailOver(options: TailOptions) {
      const laboratory = await openLaboratory('gateway');
      closing.push(laboratory);
      const text = `${first.join('\n')}\n`;
      const jobId = laboratory.addJob({ text, life: 'running', gateway: { readBytes: 100 } });
      laboratory.proxy.plan(jobId, [{ cut: { after: 900, how: 'reset' } }]);
      const bytes = Buffer.from(`${second.join('\n')}\n`);
      const gaps: unknown[] = [];
      const tail = laboratory.client({ heartbeat: SLOW_HEARTBEAT }).tailJobLogs(jobId, {
        protocol,
        ...options,
        onEvent({ type }) {
          if (type === 'gap') gaps.push(type);
          if (type !== 'reconnect' || gaps.length > 0) return;
          laboratory.jobs?.add(jobId, { bytes, life: 'ended', readBytes: 300, startTime: 2 });
        },
      });
      const { lines, error, end } = await collect(tail);
      return { got: lines, error, end, gaps };
    }

    it('during the back-off is a gap, and not gone on with where the old log was left', async () => {
      const { got, error } = await tailOver({});
      expect(got).toEqual(first.slice(0, got.length));
      expect(got.length).toBeGreaterThan(0);
      expect(error).toBeInstanceOf(StreamGapError);
    });

    it('during the back-off is read from its beginning, where gaps are survived', async () => {
      const { got, gaps, end } = await tailOver({ onGap: 'continue' });
      const before = got.length - second.length;
      expect(got).toEqual([...first.slice(0, before), ...second]);
      expect(gaps).toEqual(['gap']);
      expect(end.reason).toBe('complete');
    });

    it('is read from its beginning by a tail of the last lines, too', async () => {
      const { got, gaps } = await tailOver({ onGap: 'continue', tailLines: 80 });
      expect(got).toEqual([...first.slice(20, 20 + got.length - second.length), ...second]);
      expect(gaps).toEqual(['gap']);
    });
  });
});
