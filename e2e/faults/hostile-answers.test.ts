import { AgentClient } from '@raywire/agent';
import { ClientError } from '@raywire/core';
import { collect, startScriptedAgent, startTcpServer } from '@raywire/testing';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { isLong } from './lab/extent.js';

const closing: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const open of closing.splice(0).reverse()) await open.close();
});

const reconnect = { initialDelayMs: 1, maxDelayMs: 2, giveUpAfterMs: 50 };

/** A client of a server that writes these bytes to whoever asks anything, and ends. */
async function clientOfBytes(answerTo: (head: string) => Uint8Array | string): Promise<AgentClient> {
  const server = await startTcpServer((socket) =>
    socket.once('data', (head) => socket.end(answerTo(head.toString('latin1')))),
  );
  closing.push(server);
  const client = new AgentClient({ baseURL: server.url, agentToken: 'token', reconnect, maxRetries: 0 });
  closing.push(client);
  return client;
}

async function clientOfJson(body: string): Promise<AgentClient> {
  const agent = await startScriptedAgent({
    request(_request, response) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
      return true;
    },
  });
  const client = new AgentClient({ baseURL: agent.url, agentToken: 'token', maxRetries: 0 });
  closing.push(agent, client);
  return client;
}

const outcomeOf = async (call: () => unknown): Promise<unknown> => {
  try {
    return await call();
  } catch (error) {
    return error;
  }
};

describe('a hostile answer to a call', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  it.each([
    ['100,000 deep', `{"job_id":"job","status":"RUNNING","x":${deep}}`],
    ['100,000 deep and unfinished', `{"job_id":"job","status":"RUNNING","x":${'['.repeat(100_000)}`],
    ['with a field name of 10 MB', `{"${'x'.repeat(10_000_000)}":1,"job_id":"job","status":"RUNNING"}`],
    ['with a __proto__', '{"__proto__":{"polluted":1},"job_id":"job","status":"RUNNING"}'],
    ['with a constructor', '{"constructor":{"prototype":{"polluted":1}},"job_id":"job","status":"RUNNING"}'],
    ['with NUL and lone surrogates', '{"job_id":"job","status":"\\u0000\\ud800"}'],
    ['that is a number', '1e999'],
    ['that is null', 'null'],
    ['that is nothing', ''],
  ])('%s is a value or a typed error', async (_, body) => {
    const client = await clientOfJson(body);
    const calls = [
      () => client.getJob('job'),
      () => client.listJobs(),
      () => client.listNodes(),
      () => client.healthCheck(),
      () => client.stopJob('job'),
      () => client.getJobLogs('job'),
    ];
    for (const call of calls) {
      const outcome = await outcomeOf(call);
      if (outcome instanceof Error) expect(ClientError.isInstance(outcome), String(outcome)).toBe(true);
      expect(Reflect.get(Object(outcome), 'polluted')).toBeUndefined();
    }
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

describe('a hostile body in chunks', () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n';
  const event = 'data: {"message":"one"}\n\n';
  const chunk = `${event.length.toString(16)}\r\n${event}\r\n`;
  it.each([
    ['a size that is none', `${chunk}zz\r\nx\r\n`],
    ['a negative size', `${chunk}-1\r\nx\r\n`],
    ['a size past all numbers', `${chunk}ffffffffffffffffffff\r\nx\r\n`],
    ['more than it says', `${chunk}1\r\nxyz\r\n`],
    ['less than it says', `${chunk}ffff\r\nx`],
    ['an extension of a megabyte', `${chunk}1;${'x'.repeat(1_000_000)}\r\nx\r\n`],
    ['trailers of a megabyte', `${chunk}0\r\n${'x: y\r\n'.repeat(170_000)}\r\n`],
    ['a last chunk at once', '0\r\n\r\n'],
  ])('%s is no end', async (_, body) => {
    const client = await clientOfBytes(() => `${head}\r\n${body}`);
    const { lines, error, end } = await collect(client.tailJobLogs('job', { protocol: 'http' }));
    expect(lines.every((line) => line === 'one')).toBe(true);
    expect(ClientError.isInstance(error), String(error)).toBe(true);
    expect(end.reason).toBe('failed');
  });

  it.each([
    ['headers of a megabyte', `x: ${'y'.repeat(1_000_000)}\r\n`],
    ['a length and chunks', 'content-length: 5\r\n'],
    ['a header without a colon', 'no header at all\r\n'],
    ['a NUL in a header', 'x: a\u0000b\r\n'],
  ])('%s: a typed error or the lines', async (_, header) => {
    const client = await clientOfBytes(() => `${head}${header}\r\n${chunk}0\r\n\r\n`);
    const { lines, error } = await collect(client.tailJobLogs('job', { protocol: 'http' }));
    expect(lines.every((line) => line === 'one')).toBe(true);
    expect(ClientError.isInstance(error), String(error)).toBe(true);
  });

  it('any bytes at all end in a typed error, by every protocol', {
    timeout: isLong ? 600_000 : 60_000,
  }, async () => {
    let bytes: Uint8Array = new Uint8Array();
    const client = await clientOfBytes(() => bytes);
    const text = fc.constantFrom(
      head,
      'HTTP/1.1 200 OK\r\n',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n',
      'HTTP/1.1 100 Continue\r\n\r\n',
      'content-length: 3\r\n',
      '\r\n',
      chunk,
      '5\r\n',
      '0\r\n\r\n',
      event,
    );
    const piece = fc.oneof(
      { weight: 4, arbitrary: text.map((value) => Buffer.from(value)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 10 }),
        fc.constantFrom('auto', 'websocket', 'http'),
        async (pieces, protocol) => {
          bytes = Buffer.concat(pieces);
          const { error, end } = await collect(client.tailJobLogs('job', { protocol, timeoutMs: 2_000 }));
          expect(ClientError.isInstance(error), String(error)).toBe(true);
          expect(end.reason).toBe('failed');
        },
      ),
      { numRuns: isLong ? 3_000 : 100, endOnFailure: true },
    );
  });
});

describe('line breaks, NUL and half characters', () => {
  const HOSTILE = ['a\r\nx-injected: 1', 'a\nb', 'a\rb', 'a\u0000b', 'a\ud800'];
  const heads: string[] = [];
  const answering = () => {
    heads.length = 0;
    return clientOfBytes((head) => {
      heads.push(head);
      return 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}';
    });
  };

  it.each(HOSTILE)('%j is no token, user, tenant or base URL', async (value) => {
    const baseURL = 'http://127.0.0.1:9';
    for (const options of [
      { baseURL, agentToken: value },
      { baseURL, userToken: value },
      { baseURL, tenant: value },
      // Half a character becomes U+FFFD in a URL, and nothing worse.
      ...(value.includes('\ud800') ? [] : [{ baseURL: `${baseURL}/${value}` }]),
      { baseURL, headers: { [value]: 'x' } },
    ]) {
      const made = await outcomeOf(async () => {
        const client = new AgentClient(options);
        closing.push(client);
        await client.listJobs();
      });
      expect(made, JSON.stringify(options)).toMatchObject({ statusCode: 400 });
    }
  });

  it.each(HOSTILE)('%j that a token function gives is refused before it is sent', async (value) => {
    const { baseURL } = await answering();
    const client = new AgentClient({ baseURL, agentToken: async () => value, reconnect });
    closing.push(client);
    expect(await outcomeOf(() => client.listJobs())).toMatchObject({ statusCode: 400 });
    const { error } = await collect(client.tailJobLogs('job'));
    expect(error).toMatchObject({ statusCode: 400 });
    expect(heads).toEqual([]);
  });

  it.each(HOSTILE)('%j in a cursor is refused or stays in its place', async (value) => {
    const client = await answering();
    const offset = value as unknown as number;
    for (const cursor of [{ offset }, { jobId: value }, { v: 1, jobId: 'job', bytes: 1, lines: 1, offset }]) {
      const outcome = await outcomeOf(() => collect(client.tailJobLogs('job', { cursor: cursor as never })));
      expect(outcome).toMatchObject({ statusCode: 400 });
    }
    expect(heads).toEqual([]);
  });

  it.each(['location', 'x-request-id', 'retry-after', 'content-type'])(
    'a header %s with anything in it injects nothing',
    async (name) => {
      for (const value of [
        '/a%0d%0ax-injected: 1',
        '/\u00e9\u00ff',
        '//',
        'http://[',
        '\\\\evil',
        '/jobs/ x y',
      ]) {
        heads.length = 0;
        const client = await clientOfBytes((head) => {
          heads.push(head);
          return `HTTP/1.1 302 Found\r\n${name}: ${value}\r\ncontent-length: 0\r\n\r\n`;
        });
        const outcome = await outcomeOf(() => client.getJob('job'));
        expect(ClientError.isInstance(outcome), String(outcome)).toBe(true);
        for (const head of heads) {
          expect(head).toMatch(/^GET \/\S* HTTP\/1\.1\r\n/);
          expect(head.toLowerCase()).not.toContain('\r\nx-injected');
        }
      }
    },
  );
});
