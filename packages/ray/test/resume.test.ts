import { ClientError, StreamGapError, StreamInterruptedError } from '@raywire/core';
import { type AgentScript, sendLines, writeLines } from '@raywire/testing';
import { describe, expect, it } from 'vitest';
import { agentWith, collect, complete, lines, log, running, sse, succeeded } from './tail-lab.js';

describe('a tail that is disturbed', () => {
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
});
