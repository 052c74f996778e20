import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  InvalidArgumentError,
  type LogTransport,
  ServerError,
  StreamLimitExceededError,
} from '@raywire/core';
import { memoryTransport } from '@raywire/core/memory';
import { agentBackend, createRayClient } from '@raywire/ray';
import { startHttpServer } from '@raywire/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentClient, type AgentClientOptions } from './agent-client.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A client of an agent that answers each path (`GET /jobs/a/`) as told, anything else 404, and what it was asked. */
async function agent(
  answers: Record<string, Answer>,
  options: Partial<AgentClientOptions> = {},
): Promise<{ client: AgentClient; requests: string[] }> {
  const requests: string[] = [];
  const server = await startHttpServer((request, response) => {
    const asked = `${request.method} ${request.url}`;
    requests.push(asked);
    const answer = answers[asked];
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response);
  });
  cleanups.push(() => server.close());
  const client = new AgentClient({ baseURL: server.url, maxRetries: 0, ...options });
  cleanups.push(() => client.close());
  return { client, requests };
}

const json =
  (body: unknown, status = 200): Answer =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const page: Answer = (_request, response) =>
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>Please sign in</html>');

describe('a bad option', () => {
  it.each<[string, unknown]>([
    ['backend', { baseURL: 'http://h', backend: agentBackend({ baseURL: 'http://h' }) }],
    ['authenticate', { baseURL: 'http://h', authenticate: () => ({}) }],
    ['fallback', { baseURL: 'http://h', fallback: {} }],
    ['an object of options', undefined],
    ['an object of options', 'http://h'],
  ])('of a client is refused by name: %s', (name, options) => {
    const make = (): unknown => new AgentClient(options as AgentClientOptions);
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow(name);
  });

  it.each<[string, unknown]>([
    ['backend', undefined],
    ['backend', {}],
    ['backend', { baseURL: 'http://h', transports: [] }],
  ])('of a composed client is refused by name: %s', (name, options) => {
    const make = (): unknown => createRayClient(options as Parameters<typeof createRayClient>[0]);
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow(name);
  });

  it.each(['agentToken', 'userToken', 'tenant', 'baseURL', 'authenticate', 'refreshOn'])(
    'of a composed client that its backend takes instead is refused by name: %s',
    (name) => {
      const backend = agentBackend({ baseURL: 'http://h' });
      const options = { backend, [name]: 'http://h' };
      const make = (): unknown => createRayClient(options as Parameters<typeof createRayClient>[0]);
      expect(make).toThrow(InvalidArgumentError);
      expect(make).toThrow(new RegExp(`no option "${name}".*agentBackend`));
    },
  );

  it.each<[string, () => unknown, string[]]>([
    [
      'new AgentClient',
      () => new AgentClient({ baseURL: 'http://h', colour: 'x' } as never),
      ['backend', 'authenticate', 'refreshOn'],
    ],
    [
      'createRayClient',
      () => createRayClient({ backend: agentBackend({ baseURL: 'http://h' }), colour: 'x' } as never),
      ['agentToken', 'baseURL', 'authenticate', 'refreshOn'],
    ],
  ])('is refused by %s with a list of options that it takes, and of no other', (name, make, refused) => {
    expect(make).toThrow(new RegExp(`^${name} has no option "colour": it takes .*\\btransports\\b`));
    expect(make).not.toThrow(new RegExp(`\\b(${refused.join('|')})\\b`));
  });

  it.each<[object, string]>([
    [{ address: 'http://h' }, 'has no option "address": it is called baseURL here.'],
    [{ token: 'hunter2' }, 'has no option "token": it is called agentToken here.'],
    [
      { giveUpAfterMs: 5 },
      'has no option "giveUpAfterMs": it belongs to reconnect; pass reconnect: { giveUpAfterMs: … }.',
    ],
    [{ max_lines: 5 }, 'it belongs to streamLimits; pass streamLimits: { maxLines: … }.'],
    [{ agentToken: null }, 'agentToken must be a non-empty string of visible ASCII characters, but is null.'],
    [{ agentToken: 'hunter2\n' }, 'but is a string with other characters.'],
    [{ requester: null }, 'requester must be an HttpRequester of contract version 1'],
    [{ heartbeat: { intervalMs: 50_000 } }, 'heartbeat.intervalMs must be above 0 and below timeoutMs'],
    [{ transports: [memoryTransport] }, 'transports[0] must be a transport of contract version 1'],
    [{ transports: [memoryTransport(() => {}, { name: 'auto' })] }, 'the name "auto" is taken'],
  ])('%j is refused with the remedy', (options, message) => {
    const make = (): unknown => new AgentClient({ baseURL: 'http://h', ...options } as AgentClientOptions);
    expect(make).toThrow(/^new AgentClient/);
    expect(make).toThrow(message);
    expect(make).not.toThrow('hunter2');
  });

  it('of runJob that belongs to its tail is refused, with the names that runJob takes', async () => {
    const { client } = await agent({});
    expect(() => client.runJob({ entrypoint: 'true', follow: false } as never)).toThrow(
      /^runJob has no option "follow": it takes .*entrypoint, .*tail, throwOnFailure\.$/,
    );
  });

  it('of waitForJob is called giveUpAfterMs', async () => {
    const { client } = await agent({});
    await expect(client.waitForJob('a', { timeoutMs: 5 } as never)).rejects.toThrow(
      'waitForJob has no option "timeoutMs": it is called giveUpAfterMs here.',
    );
  });

  it.each(['websocketTailJobLogs', 'streamTailJobLogs'] as const)(
    'of %s may be no protocol',
    async (method) => {
      const { client } = await agent({});
      expect(() => client[method]('a', { protocol: 'http' } as never)).toThrow(
        new RegExp(`^${method} has no option "protocol": it always uses`),
      );
    },
  );

  it('of a subclass is known when the subclass names it', () => {
    class ColourfulClient extends AgentClient {
      static override readonly optionNames: readonly string[] = [...AgentClient.optionNames, 'colour'];
    }
    const options = { baseURL: 'http://h', colour: 'red' };
    expect(new ColourfulClient(options).baseURL).toBe('http://h/');
    expect(() => new ColourfulClient({ ...options, color: 'red' } as typeof options)).toThrow('"color"');
  });

  it('of a backend is refused by name, so that no token is left out unseen', () => {
    const options = { baseURL: 'http://h', agent_token: 'secret' };
    expect(() => agentBackend(options)).toThrow('it is called agentToken here');
  });

  it.each([
    { tail: { timeout: 30 } },
    { tail: { protocol: 'pigeon' } },
    { entrypoint: '' },
    { metadata: { a: 1 } },
    { entrypointResources: 'abc' },
    { entrypointResources: [1] },
    { entrypointResources: { gpu: Number.NaN } },
    { entrypointResources: { gpu: '1' } },
    { entrypointLabelSelector: { zone: 1 } },
    { runtimeEnv: { envVars: { A: 'b' } } },
    { runtimeEnv: { env_vars: { A: 1 } } },
    { workingDirectory: '' },
    { workingDirectory: '.', runtimeEnv: { working_dir: 's3://a.zip' } },
  ])('of runJob is found before the job is there: %j', async (bad) => {
    const { client, requests } = await agent({});
    const run = (): unknown => client.runJob({ entrypoint: 'true', ...bad } as { entrypoint: string });
    expect(run).toThrow(InvalidArgumentError);
    expect(requests).toEqual([]);
  });

  it.each([0, -1, Number.NaN, '5', null])(
    'of waitForJob is refused before anything is sent: %j',
    async (giveUpAfterMs) => {
      const { client, requests } = await agent({ 'GET /jobs/a/': json({ status: 'RUNNING' }) });
      const waiting = client.waitForJob('a', { giveUpAfterMs: giveUpAfterMs as number });
      await expect(waiting).rejects.toThrow('giveUpAfterMs must be a number of milliseconds above 0');
      expect(requests).toEqual([]);
    },
  );

  it.each(['tailJobLogs', 'websocketTailJobLogs', 'streamTailJobLogs'] as const)(
    'of %s may be no array',
    async (method) => {
      const { client } = await agent({});
      const options = [] as unknown as Record<string, never>;
      expect(() => client[method]('a', options)).toThrow(
        'takes an object of options, but an array was given',
      );
    },
  );

  it('is shown as it was given', async () => {
    const { client } = await agent({});
    expect(() => client.tailJobLogs('a', { tailLines: Number.NaN })).toThrow('but is NaN.');
    expect(() => client.tailJobLogs('a', { tailLines: 5n as unknown as number })).toThrow('but is 5n.');
  });
});

describe('what an agent can do', () => {
  it('is asked again after an answer that says nothing of it', async () => {
    let well = false;
    const { client } = await agent({
      'GET /health/': (request, response) =>
        json(well ? { capabilities: ['submit'] } : { detail: 'starting' }, well ? 200 : 503)(
          request,
          response,
        ),
      'POST /jobs/': json({ job_id: 'a', submission_id: 'a' }, 201),
    });
    await expect(client.submitJob({ entrypoint: 'true' })).rejects.toMatchObject({ statusCode: 503 });
    well = true;
    await expect(client.submitJob({ entrypoint: 'true' })).resolves.toMatchObject({ job_id: 'a' });
  });

  it('does not matter to a tail: where health is broken, logs are tried', async () => {
    const { client } = await agent({
      'GET /health/': json({ detail: 'broken' }, 500),
      'GET /jobs/a/': json({ job_id: 'a', status: 'SUCCEEDED' }),
      'GET /jobs/a/logs/stream/': (_request, response) =>
        response
          .writeHead(200, { 'content-type': 'text/event-stream' })
          .end('data: {"message": "one"}\n\ndata: {"type": "complete"}\n\n'),
    });
    const lines: string[] = [];
    for await (const line of client.streamTailJobLogs('a')) lines.push(line);
    expect(lines).toEqual(['one']);
  });
});

describe('the page of a proxy', () => {
  it('is no log', async () => {
    const { client } = await agent({ 'GET /jobs/a/logs/': page });
    const log = client.getJobLogs('a');
    await expect(log).rejects.toThrow(ServerError);
    await expect(log).rejects.toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
  });

  it('deletes nothing', async () => {
    const { client } = await agent({
      'GET /health/': json({ capabilities: ['delete'] }),
      'DELETE /serve_applications/a/': page,
      'DELETE /jobs/a/': page,
      'DELETE /jobs/b/': (_request, response) => response.writeHead(204).end(),
    });
    await expect(client.deleteServeApplication('a')).rejects.toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
    await expect(client.deleteJob('a')).rejects.toMatchObject({ code: 'UNEXPECTED_RESPONSE' });
    await expect(client.deleteJob('b')).resolves.toBeUndefined();
  });
});

describe('a transport of one’s own', () => {
  const answers = { 'GET /jobs/a/': json({ job_id: 'a', status: 'SUCCEEDED' }) };
  const sends = (name: string, wire: string, ...messages: object[]): LogTransport =>
    memoryTransport(
      async (_request, peer) => {
        for (const message of messages) await peer.send(JSON.stringify(message));
        peer.close({ code: 1000 });
      },
      { name, wire },
    );
  const mine = sends('mine', 'websocket', { message: 'one' }, { message: 'two' }, { type: 'complete' });

  it.each(['auto', 'websocket', 'mine'])(
    'goes before the built-in one of its wire: protocol %s',
    async (protocol) => {
      const { client } = await agent(answers, { transports: [mine] });
      const tail = client.tailJobLogs('a', { protocol });
      const lines: string[] = [];
      for await (const line of tail) lines.push(line);
      expect(lines).toEqual(['one', 'two']);
      expect((await tail.end).transport).toBe('mine');
    },
  );

  it('of a wire that the server does not speak is refused by its wire, and not named as a remedy', async () => {
    const { client } = await agent(answers, { transports: [sends('pigeon', 'pigeon')] });
    const tail = (): unknown => client.tailJobLogs('a', { protocol: 'pigeon' });
    expect(tail).toThrow(
      'The transport "pigeon" speaks "pigeon", by which this server gives no log: its wire must be one of "websocket", "http".',
    );
    const other = (): unknown => client.tailJobLogs('a', { protocol: 'dove' });
    expect(other).toThrow('protocol "dove" is unknown; pass one of "auto", "websocket", "http".');
  });

  it('has its lines counted as they are handed out', async () => {
    const message = { message: 'one\ntwo\nthree' };
    const { client } = await agent(answers, {
      transports: [sends('mine', 'websocket', message, { type: 'complete' })],
    });
    const tail = client.tailJobLogs('a');
    for await (const _line of tail) break;
    expect(await tail.end).toMatchObject({ reason: 'aborted', lines: 1, bytes: 3 });
    const limited = client.tailJobLogs('a', { streamLimits: { maxLines: 2 } });
    const read = async (): Promise<void> => {
      for await (const _line of limited);
    };
    await expect(read()).rejects.toThrow(StreamLimitExceededError);
    expect(await limited.end).toMatchObject({ lines: 2, bytes: 6 });
  });

  it('shows the same unfinished line anew for each line, and that it is finished', async () => {
    const shown: string[] = [];
    let hear = (_text: string): void => undefined;
    const bars = memoryTransport(
      async (_request, peer) => {
        for (const message of ['first', 'second']) {
          // One state at a time, or the reader would rightly show only the last one.
          for (const event of [{ type: 'partial', message: '50 %' }, { message: `${message}\n` }]) {
            const heard = new Promise<string>((resolve) => {
              hear = resolve;
            });
            await peer.send(JSON.stringify(event));
            await heard;
          }
        }
        await peer.send('{"type": "complete"}');
        peer.close({ code: 1000 });
      },
      { name: 'mine', wire: 'websocket' },
    );
    const gateway = { ...answers, 'GET /health/': json({ capabilities: ['batch', 'resume'] }) };
    const { client } = await agent(gateway, { transports: [bars] });
    const onPartial = (text: string): void => {
      shown.push(text);
      hear(text);
    };
    for await (const line of client.tailJobLogs('a', { onPartial })) shown.push(line);
    expect(shown).toEqual(['50 %', 'first', '', '50 %', 'second', '']);
  });
});
