import { AgentClient, type TailEvent, type TailOptions } from '@raywire/agent';
import { StreamGapError, StreamInterruptedError } from '@raywire/core';
import {
  type AgentScript,
  collect,
  type LogCall,
  sendLines,
  startScriptedAgent,
  type Treatment,
  throughJson,
  writeLines,
} from '@raywire/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import {
  type Laboratory,
  openLaboratory,
  QUICK_HEARTBEAT,
  type ServerKind,
  SLOW_HEARTBEAT,
} from './lab/laboratory.js';

const lines = ['one', 'two', 'three', '四', ''];
const reconnect = { initialDelayMs: 1, maxDelayMs: 2, giveUpAfterMs: 400 };
const complete = '{"type":"complete"}';

const closing: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const open of closing.splice(0).reverse()) await open.close();
});

async function scripted(script: AgentScript) {
  const agent = await startScriptedAgent(script);
  const client = new AgentClient({
    baseURL: agent.url,
    agentToken: 'token',
    reconnect,
    heartbeat: QUICK_HEARTBEAT,
  });
  closing.push(agent, client);
  const events: TailEvent[] = [];
  const tail = (options: TailOptions) =>
    client.tailJobLogs('job', { onEvent: (event) => events.push(event), ...options });
  return { tail, events };
}

type Break = [
  name: string,
  webSocket: ((socket: WebSocket) => void) | undefined,
  stream?: Parameters<NonNullable<AgentScript['stream']>>[0] extends infer R ? (response: R) => void : never,
];
const breaks: Break[] = [
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4000, 4416 + 1, 4999].map(
    (code): Break => [`a close with code ${code}`, (socket) => socket.close(code)],
  ),
  ['a close without a code', (socket) => socket.close()],
  ['a reset', (socket) => setImmediate(() => socket.terminate())],
  ['an empty message', (socket) => socket.send('')],
  ['an end without `complete`', undefined, (response) => response.end()],
  ['a broken chunk', undefined, (response) => setImmediate(() => response.destroy())],
  ['an event that is cut off', undefined, (response) => response.end(`data: ${complete.slice(0, -1)}`)],
  ['half a line', undefined, (response) => response.end('data: {"message": "thr')],
];

describe.each(breaks)('%s', (_, webSocket, stream) => {
  const protocol = webSocket === undefined ? 'http' : 'websocket';
  let whole = false;
  const script: AgentScript = {
    job: () => ({ job_id: 'job', status: 'RUNNING', start_time: 1 }),
    webSocket(socket) {
      sendLines(socket, whole ? lines : lines.slice(0, 2));
      if (whole) socket.send(complete);
      else webSocket?.(socket);
    },
    stream(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      writeLines(response, whole ? lines : lines.slice(0, 2));
      if (whole) response.end(`data: ${complete}\n\n`);
      else stream?.(response);
    },
  };

  it('is never told as the end, is told once, and its cursor goes on', async () => {
    whole = false;
    const { tail, events } = await scripted(script);
    const broken = tail({ protocol });
    const iterator = broken[Symbol.asyncIterator]();
    expect([(await iterator.next()).value, (await iterator.next()).value]).toEqual(lines.slice(0, 2));
    const error = await iterator.next().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(StreamInterruptedError);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(await broken.end).toMatchObject({ reason: 'failed', error, lines: 2, jobStatus: 'RUNNING' });
    const types = events.map(({ type }) => type);
    expect(types.length).toBeGreaterThan(4);
    expect(types).toEqual(types.map((_, index) => (index % 2 === 0 ? 'connect' : 'reconnect')));
    whole = true;
    const cursor = throughJson((error as StreamInterruptedError).cursor) as TailOptions['cursor'];
    expect(await collect(tail({ protocol, cursor }))).toMatchObject({
      lines: lines.slice(2),
      end: { reason: 'complete' },
    });
  });
});

describe('a status that is wrong for a while', () => {
  // The job has ended, it says, and so far its log is no longer; soon it runs again, and prints the rest.
  it.each([1, 2, 3])('is not believed when it says %i times that the job has ended', async (times) => {
    let asked = 0;
    const isLying = () => asked <= times;
    const log = () => (isLying() ? lines.slice(0, 2) : lines);
    const { tail } = await scripted({
      job: () => ({ job_id: 'job', status: ++asked <= times ? 'SUCCEEDED' : 'RUNNING', start_time: 1 }),
      logs: () => `${log().join('\n')}\n`,
      webSocket(socket) {
        const now = log();
        sendLines(socket, now);
        if (now === lines) socket.send(complete);
        else socket.close(1000);
      },
    });
    expect(await collect(tail({}))).toMatchObject({ lines, error: undefined, end: { reason: 'complete' } });
  });

  it.each([404, 500, 503])('is waited for when it cannot be had for a while (%i)', async (status) => {
    let refused = 0;
    const { tail } = await scripted({
      job: () => ({ job_id: 'job', status: 'SUCCEEDED', start_time: 1 }),
      logs: () => `${lines.join('\n')}\n`,
      request(request, response) {
        if (request.url !== '/jobs/job/' || refused++ > 2) return false;
        response.writeHead(status, { 'content-type': 'text/html' }).end('<html>not now</html>');
        return true;
      },
      webSocket(socket, { index }: LogCall) {
        sendLines(socket, lines.slice(0, index + 1));
        socket.close(1000);
      },
    });
    expect(await collect(tail({}))).toMatchObject({ lines, error: undefined, end: { reason: 'complete' } });
  });
});

describe('a log that starts over as another one', () => {
  const other = ['quite', 'another', 'log', 'and longer', 'than it', 'was'];
  const script = (): AgentScript => {
    let isOther = false;
    return {
      job: () => ({ job_id: 'job', status: 'RUNNING', start_time: 1 }),
      webSocket(socket, { index }) {
        isOther = index === 1;
        sendLines(socket, isOther ? other : lines.slice(0, index === 0 ? 3 : lines.length));
        if (index === 0) setImmediate(() => socket.terminate());
        else socket.send(complete);
      },
    };
  };

  it('is a gap, whose cursor still fits the first log', async () => {
    const { tail } = await scripted(script());
    const { lines: got, error } = await collect(tail({}));
    expect(got).toEqual(lines.slice(0, 3));
    expect(error).toBeInstanceOf(StreamGapError);
    const cursor = throughJson((error as StreamGapError).cursor) as TailOptions['cursor'];
    expect((await collect(tail({ cursor }))).lines).toEqual(lines.slice(3));
  });

  it('is gone on with where that is asked for, and the gap is told once', async () => {
    const { tail, events } = await scripted(script());
    const result = await collect(tail({ onGap: 'continue' }));
    expect(result.error).toBeUndefined();
    expect(events.filter(({ type }) => type === 'gap')).toHaveLength(1);
    // What came after the gap is the log of that connection, whole.
    expect(result.lines.slice(0, 3)).toEqual(lines.slice(0, 3));
    expect([other, lines]).toContainEqual(result.lines.slice(3));
  });
});

describe.each<ServerKind>(['gateway', 'old agent'])('the events of a tail (%s)', (kind) => {
  it.each(['websocket', 'http'])('tell each cut once, by %s', async (protocol) => {
    const laboratory: Laboratory = await openLaboratory(kind);
    closing.push(laboratory);
    const log = Array.from({ length: 300 }, (_, index) => `line ${index}\n`).join('');
    // A job that is known to have ended would be read as a whole after the second cut.
    const lies = { status: 'RUNNING' as const, times: 1_000 };
    const jobId = laboratory.addJob({ text: log, life: 'running', old: { lies }, gateway: { lies } });
    const cuts = [600, 700, 650].map((after): Treatment => ({ cut: { after, how: 'reset' } }));
    laboratory.proxy.plan(jobId, cuts);
    const events: TailEvent[] = [];
    const client = laboratory.client({ heartbeat: SLOW_HEARTBEAT });
    const tail = client.tailJobLogs(jobId, { protocol, onEvent: (event) => events.push(event) });
    expect((await collect(tail)).lines).toHaveLength(300);
    const expected = ['connect', ...Array(3).fill(['reconnect', 'connect']).flat()];
    expect(events.map(({ type }) => type)).toEqual(expected);
    expect((await tail.end).reconnects).toBe(3);
  });
});
