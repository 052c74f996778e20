import { type AgentScript, sendLines } from '@raywire/testing';
import { describe, expect, it } from 'vitest';
import { agentWith, collect, complete, lines, log, running, sse, succeeded } from './tail-lab.js';

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
      message: null,
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
});
