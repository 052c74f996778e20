import { inspect } from 'node:util';
import { type Answer, rejectionOf, sendJson, startServer } from '@raywire/testing';
import { expect, test, vi } from 'vitest';
import { AuthenticationError } from '../errors/authentication-error.js';
import { BaseClient } from './base-client.js';
import type { BaseClientOptions } from './base-client-options.js';
import type { RequestEvent, ResponseEvent } from './call-hooks.js';

async function serve(answer: Answer, options: Partial<BaseClientOptions> = {}) {
  const server = await startServer(answer);
  return Object.assign(server, {
    client: new BaseClient({ baseURL: server.url, maxRetries: 0, ...options }),
  });
}

const onlyNew: Answer = (request, response) =>
  sendJson(response, request.headers.authorization === 'Bearer new' ? 200 : 401, { detail: 'expired' });

test('headers are sent: of the client, then credentials, then of the call', async () => {
  await using server = await serve((request, response) => sendJson(response, 200, request.headers), {
    headers: { 'X-One': 'client', 'X-Two': 'client', 'X-Three': 'client', Accept: 'application/x-json' },
    authenticate: () => ({ 'x-two': 'credential', 'x-three': 'credential' }),
  });
  const { data } = await server.client.request({ path: 'x', headers: { 'X-THREE': 'call' } });
  expect(data).toMatchObject({
    'x-one': 'client',
    'x-two': 'credential',
    'x-three': 'call',
    accept: 'application/x-json',
  });
  expect(await server.client.requestHeaders()).toEqual({
    accept: 'application/x-json',
    'x-one': 'client',
    'x-two': 'credential',
    'x-three': 'credential',
  });
});

test('after a 401 credentials are asked once more, and the request is sent again, a write too', async () => {
  const asked: boolean[] = [];
  const authenticate = ({ refresh }: { refresh: boolean }) => {
    asked.push(refresh);
    return { authorization: refresh ? 'Bearer new' : 'Bearer old' };
  };
  await using server = await serve(onlyNew, { authenticate });
  await server.client.request({ method: 'POST', path: 'x', json: { a: 1 } });
  // Somebody else may have asked for new ones already.
  expect(asked).toEqual([false, false, true]);
  expect(server.requests.map(({ body }) => body)).toEqual(['{"a":1}', '{"a":1}']);
  await server.client.stream({ path: 'x' });
  expect(server.requests).toHaveLength(4);
});

test('after a 401 that brings the same credentials nothing is sent again, nor after a second 401', async () => {
  await using same = await serve(onlyNew, { authenticate: () => ({ authorization: 'Bearer old' }) });
  expect(AuthenticationError.isInstance(await rejectionOf(same.client.request({ path: 'x' })))).toBe(true);
  expect(same.requests).toHaveLength(1);
  let count = 0;
  await using wrong = await serve(onlyNew, {
    authenticate: () => {
      count += 1;
      return { authorization: `Bearer ${count}` };
    },
  });
  expect(await rejectionOf(wrong.client.request({ path: 'x' }))).toMatchObject({
    statusCode: 401,
    detail: 'expired',
  });
  expect(wrong.requests).toHaveLength(2);
});

test('refreshOn names the refusals that mean the credentials; any other is final', async () => {
  const rotated: Answer = (request, response) =>
    sendJson(response, request.headers.authorization === 'Bearer new' ? 200 : 403, {});
  const authenticate = ({ refresh }: { refresh: boolean }) => ({
    authorization: refresh ? 'Bearer new' : 'Bearer old',
  });
  await using renewing = await serve(rotated, { authenticate, refreshOn: [401, 403] });
  await renewing.client.request({ method: 'POST', path: 'x', json: {} });
  expect(renewing.requests).toHaveLength(2);
  await using plain = await serve(rotated, { authenticate });
  expect(await rejectionOf(plain.client.request({ path: 'x' }))).toMatchObject({ statusCode: 403 });
  expect(plain.requests).toHaveLength(1);
  for (const refreshOn of [403, [200], ['403']] as never[])
    expect(() => new BaseClient({ baseURL: 'http://h', refreshOn })).toThrow(
      /refreshOn(\[0\] must be a whole number of at least 400| must be an array)/,
    );
});

test('many calls that are refused at once share the credentials that one of them asked for', async () => {
  let known = 'Bearer old';
  let asked = 0;
  const authenticate = ({ refresh }: { refresh: boolean }) => {
    if (refresh) {
      asked++;
      known = 'Bearer new';
    }
    return { authorization: known };
  };
  await using server = await serve(onlyNew, { authenticate });
  await Promise.all(Array.from({ length: 10 }, () => server.client.request({ path: 'x' })));
  expect(asked).toBe(1);
});

test('credentials that cannot be had are an authentication error, and nothing is sent', async () => {
  await using server = await serve(onlyNew, {
    authenticate: async () => {
      throw new Error('no vault at http://u:hidden@vault');
    },
  });
  const error = await rejectionOf(server.client.request({ path: 'x' }));
  expect(AuthenticationError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({ code: 'CREDENTIALS_UNAVAILABLE', statusCode: 401 });
  expect(inspect(error)).not.toContain('hidden');
  expect(server.requests).toHaveLength(0);
});

test('credentials that HTTP cannot carry are refused without being repeated', async () => {
  await using server = await serve(onlyNew, { authenticate: () => ({ authorization: 'hidden\n' }) });
  const error = await rejectionOf(server.client.request({ path: 'x' }));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(inspect(error)).not.toContain('hidden');
});

const SECRETS = ['agent-t0ken/+', 'user-t0ken', 'cookie-s3cret', 'call-k3y', 'basic-passw0rd'];
const basic = Buffer.from('me:basic-passw0rd').toString('base64');

function secretOptions(): Partial<BaseClientOptions> {
  return {
    headers: { Cookie: 'session=cookie-s3cret; a=b', 'Proxy-Authorization': `Basic ${basic}` },
    authenticate: () => ({ authorization: 'agent-t0ken/+', 'synapse-user': 'Token user-t0ken' }),
  };
}

test.each([
  [
    'JSON',
    (text: string) => JSON.stringify({ detail: { echoed: text, [text]: [text] } }),
    'application/json',
  ],
  ['text', (text: string) => `Traceback: ${text}`, 'text/plain'],
  ['HTML', (text: string) => `<html><title>${text}</title></html>`, 'text/html'],
  ['percent-encoding', (text: string) => encodeURIComponent(text), 'text/plain'],
  [
    'base64',
    (text: string) =>
      text
        .split(' ')
        .map((part) => Buffer.from(part).toString('base64'))
        .join(' '),
    'text/plain',
  ],
])('secrets that a server echoes in %s are in nothing that can be printed', async (_form, encode, type) => {
  for (const status of [200, 404, 503]) {
    await using server = await serve((request, response) => {
      const sent = Object.values(request.headers).join(' ');
      const plain = SECRETS.concat(sent).join(' ');
      response
        .writeHead(status, { 'content-type': type, 'x-request-id': 'agent-t0ken/+' })
        .end(encode(plain));
    }, secretOptions());
    const call = {
      path: 'x?ticket=t1cket',
      headers: { 'X-Api-Key': 'call-k3y' },
      method: 'POST',
      body: '',
    } as const;
    const error = await rejectionOf(
      server.client.request(
        type === 'application/json' && status === 200 ? { ...call, path: 'x', maxResponseBytes: 1 } : call,
      ),
    );
    const printed = [
      inspect(error, { depth: 20, showHidden: true }),
      JSON.stringify(error),
      String(error),
      (error as Error).stack,
    ].join('\n');
    for (const secret of [...SECRETS, basic, 't1cket', encodeURIComponent('agent-t0ken/+')]) {
      expect(printed).not.toContain(secret);
      expect(printed).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''));
    }
  }
});

test('nothing that can be printed of a client shows its secrets', async () => {
  const client = new BaseClient({ baseURL: 'http://h', ...secretOptions() });
  await client.requestHeaders();
  const printed = inspect(client, { depth: 20, showHidden: true }) + JSON.stringify(client);
  for (const secret of SECRETS) expect(printed).not.toContain(secret);
});

test('hooks see what goes over the wire, redacted, and as copies', async () => {
  const requests: RequestEvent[] = [];
  const responses: ResponseEvent[] = [];
  await using server = await serve(
    (request, response, count) =>
      sendJson(response, count === 1 ? 503 : 200, request.headers, {
        'set-cookie': 'a=s3t',
        'x-echo': 'user-t0ken',
      }),
    {
      ...secretOptions(),
      maxRetries: 1,
      onRequest: (event) => {
        requests.push({ ...event, headers: { ...event.headers } });
        event.headers['x-added'] = 'by a hook';
      },
      onResponse: (event) => void responses.push(event),
      onRetry: ({ error }) => expect(inspect(error)).not.toContain('t0ken'),
    },
  );
  const { data } = await server.client.request({ path: 'x?ticket=t1cket&a=1' });
  expect(data).not.toHaveProperty('x-added');
  expect(requests).toHaveLength(2);
  expect(requests[1]).toMatchObject({
    method: 'GET',
    url: `${server.url}/x?ticket=[redacted]&a=1`,
    attempt: 2,
    headers: { authorization: '[redacted]', cookie: '[redacted]', accept: 'application/json' },
  });
  expect(responses.map(({ status, attempt }) => [status, attempt])).toEqual([
    [503, 1],
    [200, 2],
  ]);
  expect(responses[0]?.durationMs).toBeGreaterThan(0);
  expect(responses[0]?.headers).toMatchObject({ 'set-cookie': '[redacted]', 'x-echo': '[redacted]' });
  const printed = JSON.stringify([requests, responses]);
  for (const secret of [...SECRETS, 't1cket', 's3t']) expect(printed).not.toContain(secret);
});

test('nothing is redacted for hooks that are not set', async () => {
  await using server = await serve(
    (_request, response, count) => sendJson(response, count === 1 ? 401 : 200, {}),
    secretOptions(),
  );
  await rejectionOf(server.client.request({ path: 'x' }));
  const redact = vi.spyOn(server.client.redactor, 'redact');
  await server.client.request({ path: 'x' });
  expect(redact).not.toHaveBeenCalled();
});

test('an argument that holds a secret is refused without it', async () => {
  await using server = await serve((_request, response) => sendJson(response, 200, {}), secretOptions());
  await server.client.request({ path: 'x' });
  const refusals = [
    await rejectionOf(server.client.request({ path: 'x', method: 'user-t0ken' as 'GET' })),
    await rejectionOf(server.client.request({ path: 'http://user-t0ken/' })),
  ];
  for (const error of refusals) {
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(inspect(error)).not.toContain('user-t0ken');
  }
  expect(() => server.client.url('http://user-t0ken/')).toThrow(/leads to http:\/\/\[redacted\],/);
});

test.each(['onRequest', 'onResponse', 'onRetry'])(
  '%s may be asynchronous: its rejection fails the call',
  async (name) => {
    await using server = await startServer((_request, response) =>
      sendJson(response, name === 'onRetry' ? 503 : 200, {}),
    );
    const hook = async (): Promise<void> => {
      await Promise.resolve();
      throw new Error('the hook is broken');
    };
    const client = new BaseClient({ baseURL: server.url, [name]: hook });
    await expect(client.request({ path: 'x' })).rejects.toThrow('the hook is broken');
    await client.close();
    await server.idle();
  },
);

test('a hook that never settles is not waited for longer than the call may take', async () => {
  await using server = await startServer((_request, response) => sendJson(response, 200, {}));
  const client = new BaseClient({ baseURL: server.url, onRequest: () => new Promise<void>(() => undefined) });
  await expect(client.request({ path: 'x', timeoutMs: 50 })).rejects.toMatchObject({ code: 'TIMEOUT' });
  expect(server.requests).toEqual([]);
});

test('a hook that throws fails the call, and frees the socket', async () => {
  await using server = await serve((_request, response) => void response.writeHead(200).write('x'), {
    maxRetries: 2,
    onResponse: () => {
      throw new Error('the hook is broken');
    },
  });
  await expect(server.client.request({ path: 'x' })).rejects.toThrow('the hook is broken');
  expect(server.requests).toHaveLength(1);
  await server.idle();
});
