import { StreamGapError } from '@raywire/core';
import { collect } from '@raywire/testing';
import { describe, expect, it } from 'vitest';
import { agentWith, lastEvent as COMPLETE, event, sse as SSE } from './tail-lab.js';

const running = () => ({ job_id: 'job', status: 'RUNNING', start_time: 1 });
const succeeded = () => ({ job_id: 'job', status: 'SUCCEEDED', start_time: 1 });
const refusal = (status: number): string =>
  `HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;

describe('416', () => {
  it('on a WebSocket handshake without an offset is a refusal as any: HTTP decides', async () => {
    const { client } = await agentWith({
      job: running,
      refuseUpgrade: (socket) => {
        socket.end(refusal(416));
        return true;
      },
      stream: (response) => void response.writeHead(200, SSE).end(event({ message: 'one' }) + COMPLETE),
    });
    expect(await collect(client.tailJobLogs('job'))).toMatchObject({
      lines: ['one'],
      error: undefined,
      end: { reason: 'complete', transport: 'http' },
    });
  });

  it('without an offset is no gap: nothing was delivered', async () => {
    const { client } = await agentWith({
      job: running,
      stream: (response) => void response.writeHead(416).end(),
    });
    const { error } = await collect(client.streamTailJobLogs('job'));
    expect(error).toMatchObject({ name: 'HTTPError', statusCode: 416 });
  });

  it('on a resume by offset is a gap', async () => {
    const { client, agent } = await agentWith({
      capabilities: ['resume', 'batch'],
      job: running,
      stream(response, { index }) {
        if (index > 0) return void response.writeHead(416).end();
        response.writeHead(200, SSE).write(event({ message: 'one\n', offset: 4 }));
        setImmediate(() => response.destroy());
      },
    });
    const { lines, error } = await collect(client.streamTailJobLogs('job'));
    expect(lines).toEqual(['one']);
    expect(error).toBeInstanceOf(StreamGapError);
    expect(agent.calls[1]?.query.get('offset')).toBe('4');
  });
});

describe('the log of a job that has ended', () => {
  it('is not read by HTTP where only a WebSocket was asked for, and none ever opened', async () => {
    const { client, agent } = await agentWith({ job: succeeded, logs: () => 'one\n' });
    const { lines, error, end } = await collect(client.websocketTailJobLogs('job'));
    expect(lines).toEqual([]);
    expect(error).toMatchObject({ statusCode: 404 });
    expect(end).toMatchObject({ reason: 'lost', transport: null });
    expect(agent.requests).not.toContain('GET /jobs/job/logs/');
  });

  it('is proven by HTTP once a WebSocket has stood', async () => {
    const { client } = await agentWith({
      job: succeeded,
      logs: () => 'one\ntwo\n',
      webSocket(socket, { index }) {
        if (index === 0) socket.send('{"message":"one"}');
        socket.close(1011);
      },
    });
    expect(await collect(client.websocketTailJobLogs('job'))).toMatchObject({
      lines: ['one', 'two'],
      end: { reason: 'complete' },
    });
  });

  it.each(['auto', 'http'])('is read whole where its stream is gone: %s', async (protocol) => {
    const { client } = await agentWith({ job: succeeded, logs: () => 'one\ntwo\n' });
    expect(await collect(client.tailJobLogs('job', { protocol }))).toMatchObject({
      lines: ['one', 'two'],
      error: undefined,
      end: { reason: 'complete' },
    });
  });
});
