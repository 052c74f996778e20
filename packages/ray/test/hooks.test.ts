import {
  type CallHooks,
  type LogTransport,
  memoryTransport,
  type RequestEvent,
  type ResponseEvent,
} from '@raywire/agent';
import { type AgentScript, sendLines } from '@raywire/testing';
import { expect, it } from 'vitest';
import { agentWith, collect, complete, event, lastEvent, lines, sse, succeeded } from './tail-lab.js';

const script: AgentScript = {
  job: succeeded,
  refuseUpgrade(socket) {
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    return true;
  },
  stream(response) {
    response.writeHead(200, sse);
    for (const message of lines) response.write(event({ message }));
    response.end(lastEvent);
  },
};

function isOfLog({ url }: { url: string }): boolean {
  return url.includes('/logs/');
}

it('are told of the connections of a tail, refused ones too, without the token', async () => {
  const requests: RequestEvent[] = [];
  const responses: ResponseEvent[] = [];
  const { tail } = await agentWith(script, {
    onRequest: (request) => requests.push(request),
    onResponse: (response) => responses.push(response),
  });
  expect((await collect(tail())).got).toEqual(lines);
  expect(requests.filter(isOfLog)).toMatchObject([
    { method: 'GET', url: expect.stringMatching(/^ws:/), attempt: 1 },
    { method: 'GET', url: expect.stringMatching(/^http:/), attempt: 1 },
  ]);
  expect(responses.filter(isOfLog)).toMatchObject([
    { status: 403 },
    { status: 200, headers: { 'content-type': sse['content-type'] }, durationMs: expect.any(Number) },
  ]);
  expect(JSON.stringify([requests, responses])).not.toContain('secret-token');
  expect(requests.filter(isOfLog).map(({ headers }) => headers.authorization)).toEqual([
    '[redacted]',
    '[redacted]',
  ]);
});

const failing: [name: string, hooks: CallHooks][] = [
  [
    'throws',
    {
      onRequest: (request) => {
        if (isOfLog(request)) throw new Error('enough');
      },
    },
  ],
  [
    'rejects',
    {
      onResponse: async (response) => {
        if (isOfLog(response)) throw new Error('enough');
      },
    },
  ],
];

it.each(failing)('fail the tail when one %s', async (_, hooks) => {
  const { agent, tail } = await agentWith(
    {
      job: succeeded,
      webSocket(socket) {
        sendLines(socket, lines);
        socket.send(complete);
      },
    },
    hooks,
  );
  const { got, error } = await collect(tail());
  expect(got).toEqual([]);
  expect(error).toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: 'A hook of the client failed: enough',
    cause: { message: 'enough' },
  });
  expect(agent.calls.length).toBeLessThanOrEqual(1);
});

it('leave a transport as it is: its name, its wire, and its end', async () => {
  let closes = 0;
  const mine: LogTransport = {
    ...memoryTransport(
      async (_, peer) => {
        await peer.send(JSON.stringify({ type: 'log', message: 'one' }));
        await peer.send(complete);
      },
      { name: 'mine', wire: 'websocket' },
    ),
    close: async () => void closes++,
  };
  const { client, tail } = await agentWith(script, { transports: [mine], onRequest: () => undefined });
  const read = tail({ protocol: 'mine' });
  expect((await collect(read)).got).toEqual(['one']);
  expect((await read.end).transport).toBe('mine');
  await client.close();
  expect(closes).toBe(1);
});
