import { AgentClient, type TailOptions } from '@raywire/agent';
import { ClientError } from '@raywire/core';
import { type AgentScript, collect, startScriptedAgent } from '@raywire/testing';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { isLong } from './lab/extent.js';

const closing: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const open of closing.splice(0).reverse()) await open.close();
});

const complete = '{"type":"complete","status":"SUCCEEDED"}';
const job = () => ({ job_id: 'job', status: 'RUNNING', start_time: 1 });
const reconnect = { initialDelayMs: 1, maxDelayMs: 2, giveUpAfterMs: 50 };

async function clientOf(script: AgentScript): Promise<AgentClient> {
  const agent = await startScriptedAgent({ job, ...script });
  const client = new AgentClient({ baseURL: agent.url, agentToken: 'token', reconnect });
  closing.push(agent, client);
  return client;
}

/** The same payloads, one a message, on both wires. */
const speaking = (payloads: readonly string[]): AgentScript => ({
  webSocket(socket) {
    for (const payload of [...payloads, complete]) socket.send(payload);
  },
  stream(response) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end([...payloads, complete].map((payload) => `data: ${payload}\n\n`).join(''));
  },
});

const deep = '['.repeat(100_000);
const nested = `{"message":"deep","x":${deep}${']'.repeat(100_000)}}`;
const unlimited: TailOptions = { streamLimits: { maxMessageSize: 100_000_000 } };

describe.each(['websocket', 'http'])('what a hostile server says over %s', (protocol) => {
  it.each([
    ['JSON 100,000 deep, whole', nested, 'deep'],
    ['JSON 100,000 deep, unfinished', `{"x":${deep}`, `{"x":${deep}`],
    ['arrays 100,000 deep', deep, deep],
    ['a __proto__ key', '{"__proto__":{"polluted":1,"message":"no"},"message":"yes"}', 'yes'],
    ['a constructor', '{"constructor":{"prototype":{"polluted":1}},"message":"yes"}', 'yes'],
    ['a message that is inherited', '{"__proto__":{"message":"no"}}', '{"__proto__":{"message":"no"}}'],
    ['a message that is no text', '{"message":{"toString":"x"}}', '{"message":{"toString":"x"}}'],
    ['a type that is no text', '{"type":{"a":1},"message":"m"}', 'm'],
    ['offsets that are none', '{"message":"m","offset":-1}', 'm'],
    ['an offset past all numbers', '{"message":"m","offset":1e999}', 'm'],
    ['lone surrogates', '{"message":"\\ud800 \\udfff\\ud800"}', '\ud800 \udfff\ud800'],
    ['NUL', '{"message":"a\\u0000b"}', 'a\u0000b'],
    ['a field name of 5 MB', `{"${'x'.repeat(5_000_000)}":1,"message":"m"}`, 'm'],
    ['the same key twice', '{"message":"a","message":"b"}', 'b'],
    ['a complete event inside a string', '{"message":"{\\"type\\":\\"complete\\"}"}', '{"type":"complete"}'],
  ])('%s: is one line', async (_, payload, line) => {
    const client = await clientOf(speaking(['{"message":"before"}', payload, '{"message":"after"}']));
    const { lines, error, end } = await collect(client.tailJobLogs('job', { protocol, ...unlimited }));
    expect(error).toBeUndefined();
    expect(lines.length).toBe(3);
    expect(lines[1] === line).toBe(true);
    expect(end).toMatchObject({ reason: 'complete', jobStatus: 'SUCCEEDED' });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('a field name of 10 MB: is too large a frame', async () => {
    const client = await clientOf(speaking([`{"${'x'.repeat(10_000_000)}":1,"message":"m"}`]));
    const { lines, error } = await collect(client.tailJobLogs('job', { protocol }));
    expect(lines).toEqual([]);
    expect(error).toMatchObject({ statusCode: 429, limit: 'maxMessageSize' });
  });

  it('any bytes end in lines or in a typed error', { timeout: isLong ? 600_000 : 60_000 }, async () => {
    let frames: Uint8Array[] = [];
    const client = await clientOf({
      webSocket(socket) {
        for (const [index, frame] of frames.entries()) socket.send(frame, { binary: index % 2 === 0 });
        socket.close(1000);
      },
      stream(response) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const frame of frames) response.write(frame);
        response.end();
      },
    });
    const text = fc.constantFrom(
      'data: ',
      'data:',
      '{"message":"',
      '"}',
      '\n',
      '\n\n',
      '\r\n',
      complete,
      'id: 7\n',
      ': c\n',
      '{',
      '\ufeff',
      'event: x\n',
    );
    const piece = fc.oneof(
      text.map((value) => Buffer.from(value)),
      fc.uint8Array({ maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (given) => {
        frames = given;
        const { lines, error, end } = await collect(client.tailJobLogs('job', { protocol }));
        expect(error === undefined ? end.reason === 'complete' : ClientError.isInstance(error)).toBe(true);
        expect(lines.every((line) => !line.includes('\n'))).toBe(true);
      }),
      { numRuns: isLong ? 5_000 : 150, endOnFailure: true },
    );
  });
});

describe('what a caller must not slip into a request', () => {
  const requests: string[] = [];
  const script: AgentScript = {
    request(request, response) {
      requests.push(String(request.url));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      return true;
    },
  };
  const calls: [string, (client: AgentClient, id: string) => unknown][] = [
    ['getJob', (client, id) => client.getJob(id)],
    ['stopJob', (client, id) => client.stopJob(id)],
    ['getJobLogs', (client, id) => client.getJobLogs(id)],
    ['getNode', (client, id) => client.getNode(id)],
    ['getTask', (client, id) => client.getTask(id)],
    ['tailJobLogs', (client, id) => client.tailJobLogs(id)],
  ];
  const ids = [
    '..',
    '.',
    'a/b',
    '%2e%2e%2f',
    '..%2f',
    'a\r\nx: y',
    'a\u0000',
    'a?b',
    'a#b',
    'a b',
    '\ud800',
    'é',
    'a\\b',
    '',
  ];

  it.each(calls)('%s takes no ID that is more than one', async (_, call) => {
    requests.length = 0;
    const client = await clientOf(script);
    for (const id of ids) {
      const attempt = async () => call(client, id);
      await expect(attempt()).rejects.toMatchObject({ statusCode: 400 });
    }
    expect(requests).toEqual([]);
  });

  it('names of Serve applications stay in their place', async () => {
    requests.length = 0;
    const client = await clientOf(script);
    for (const name of ['a/b', '..%2f', 'a?b#c', 'é 字']) await client.getServeApplication(name);
    expect(requests).toEqual(
      ['a/b', '..%2f', 'a?b#c', 'é 字'].map((name) => `/serve_applications/${encodeURIComponent(name)}/`),
    );
    for (const name of ['', '.', '..', 'a\r\nb', 'a\u0000', '\ud800']) {
      await expect((async () => client.getServeApplication(name))()).rejects.toMatchObject({
        statusCode: 400,
      });
    }
  });

  it.each(['x\r\ny: z', 'x\u0000', 'x\ny', 'é', '\ud800', ''])('a token %j is refused', (agentToken) => {
    expect(() => new AgentClient({ baseURL: 'http://127.0.0.1:9', agentToken })).toThrow(
      expect.objectContaining({ statusCode: 400 }),
    );
  });

  it.each(['x\r\ny', 'x\u0000', '\ud800'])('a header %j is refused before it is sent', async (value) => {
    requests.length = 0;
    const client = await clientOf(script);
    const attempt = async () => client.listJobs({ headers: { 'x-mine': value } });
    await expect(attempt()).rejects.toMatchObject({ statusCode: 400 });
    const tailed = async () => {
      const own = new AgentClient({ baseURL: client.baseURL, headers: { 'x-mine': value }, reconnect });
      closing.push(own);
      for await (const _ of own.tailJobLogs('job'));
    };
    await expect(tailed()).rejects.toMatchObject({ statusCode: 400 });
    expect(requests).toEqual([]);
  });
});
