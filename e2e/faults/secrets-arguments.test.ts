import { AgentClient } from '@raywire/agent';
import { ClientError } from '@raywire/core';
import { DashboardClient } from '@raywire/dashboard';
import { startHttpServer } from '@raywire/testing';
import { describe, expect, it } from 'vitest';
import { hasSecret, printable } from './lab/marked-secrets.js';

const token = 'abc.SECRETCORE9.def';

/** Everything that an argument with the token in it may be. */
const wrong: [name: string, value: unknown][] = [
  ['an ID', `${token}/../`],
  ['an ID that is cut off', `${'x/'.repeat(24)}${token}${'y'.repeat(200)}`],
  ['an unknown option', { [token]: 1 }],
  ['a text', token],
  ['an ID of another type', [token]],
  [
    'values of options',
    Object.fromEntries(
      ['protocol', 'streamLimits', 'signal', 'headers', 'cursor', 'stream', 'filters', 'entrypoint']
        .concat(['workingDirectory', 'limit', 'giveUpAfterMs', 'onEvent', 'application', 'replicaId', 'path'])
        .map((name) => [name, token]),
    ),
  ],
  ['a protocol', { protocol: token }],
  ['limits', { streamLimits: { [token]: 1, maxLines: token } }],
  ['filters', { filters: { [token]: { [token]: token } } }],
  ['a stream', { stream: token }],
  ['a time', { timeoutMs: token }],
  ['a patience', { giveUpAfterMs: token }],
  ['a folder', { entrypoint: 'true', workingDirectory: `/nowhere/${token}` }],
  ['a name of a header', { headers: { [`a ${token}`]: 'x' } }],
];

/** They take nothing that could be wrong. */
const UNFAILING = new Set(['close', 'requestHeaders']);

/** All that users may call, by reflection, so that what is added is in the table as well. */
function methodsOf(prototype: object): string[] {
  const names = new Set<string>();
  for (let one = prototype; one !== Object.prototype; one = Object.getPrototypeOf(one)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(one)))
      if (typeof value === 'function' && name !== 'constructor' && !UNFAILING.has(name)) names.add(name);
  }
  return [...names];
}

async function errorsOf(client: object, method: string, args: unknown[]): Promise<unknown[]> {
  const errors: unknown[] = [];
  try {
    const call = Reflect.get(client, method) as (...given: unknown[]) => unknown;
    const result = call.apply(client, args) as Partial<AsyncIterable<unknown> & { result: unknown }>;
    const iterator = result?.[Symbol.asyncIterator];
    if (iterator === undefined) await result;
    else {
      // A tail or a run: it fails at its first read, of a server that refuses everything.
      const next = iterator.call(result).next();
      await next.catch((error: unknown) => errors.push(error));
      if (result.result !== undefined) await result.result;
    }
  } catch (error) {
    errors.push(error);
  }
  return errors;
}

const reconnect = { giveUpAfterMs: 0 };
const clients = {
  AgentClient: (baseURL: string) => new AgentClient({ baseURL, agentToken: token, reconnect, maxRetries: 0 }),
  DashboardClient: (address: string) => new DashboardClient({ address, token, reconnect, maxRetries: 0 }),
};

describe.each(Object.entries(clients))('%s', (_, newClient) => {
  const { prototype } = newClient('http://127.0.0.1:9').constructor;

  it.each(methodsOf(prototype))('%s repeats no token that stands in an argument', async (method) => {
    const server = await startHttpServer((request, response) => {
      // What the server says of the request is not shown either, whole or cut.
      const said = `${'z'.repeat(490)} ${request.headers.authorization} ${request.url}`;
      response.writeHead(418, { 'content-type': 'text/plain' }).end(said);
    });
    let failures = 0;
    try {
      for (const [, value] of wrong) {
        for (const args of [[value], ['job', value], [value, value]]) {
          const client = newClient(server.url);
          const errors = await errorsOf(client, method, args);
          await client.close();
          failures += errors.length;
          for (const error of errors) {
            const text = printable(error);
            if (hasSecret(text)) expect(text).toBe('without any secret');
          }
        }
      }
    } finally {
      await server.close();
    }
    // Otherwise it would prove nothing.
    expect(failures).toBeGreaterThan(0);
  });

  it('repeats no token that the limits are set to', () => {
    const client = newClient('http://127.0.0.1:9') as { streamLimits: unknown };
    const set = (): void => {
      client.streamLimits = { [token]: token };
    };
    expect(set).toThrow(ClientError);
    expect(set).toThrow(/^(?!.*SECRETCORE)/);
  });
});

it.each([
  ['AgentClient', () => new AgentClient({ baseURL: `ftp://${token}`, agentToken: token })],
  ['AgentClient', () => new AgentClient({ baseURL: 'http://h', agentToken: token, [token]: 1 } as never)],
  ['DashboardClient', () => new DashboardClient({ address: `ftp://${token}`, token })],
  ['DashboardClient', () => new DashboardClient({ token, tokenHeader: token as never })],
])('new %s repeats no token that it is given', (_, make) => {
  let thrown: unknown;
  try {
    make();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ statusCode: 400 });
  expect(hasSecret(printable(thrown))).toBe(false);
});
