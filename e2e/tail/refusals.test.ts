import { StreamGapError } from '@raywire/core';
import { describe, expect, it } from 'vitest';
import { collect } from '../faults/lab/collect.js';
import { agentWith, COMPLETE, event, SSE } from './agent-with.js';

const running = () => ({ job_id: 'job', status: 'RUNNING', start_time: 1 });
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
