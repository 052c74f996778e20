import crypto from 'node:crypto';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { BearerToken } from './guards/bearer-token.js';
import { type Harness, startGateway, TOKEN } from './testing/gateway-harness.js';
import { rawGet, sendRaw } from './testing/raw-request.js';

const post = (path: string, ...headers: string[]): string =>
  [`POST ${path} HTTP/1.1`, 'host: localhost', `authorization: ${TOKEN}`, ...headers, '', ''].join('\r\n');

/** Sends a beginning and then the same piece again and again, as fast as it is taken, until the gateway has gone. */
async function flood(harness: Harness, beginning: string, piece: string): Promise<string> {
  const socket = connect({
    ...{ port: Number(new URL(harness.gateway.url).port), host: '127.0.0.1' },
    allowHalfOpen: true,
  });
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  // To be reset is how a flood ends.
  socket.on('error', () => socket.destroy());
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  socket.write(beginning);
  const pour = (): void => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', pour);
  pour();
  await closed;
  return answer;
}

describe('a path that climbs', () => {
  test.each([
    '/jobs/../../etc/passwd',
    '/jobs/%2e%2e/%2e%2e/etc/passwd',
    '/jobs/%2e%2e%2fsecret/logs/',
    '/jobs/..%2fsecret/logs/',
    '/jobs/..%5csecret/logs/',
    '/jobs/%252e%252e%252fsecret/logs/',
    '/jobs/..%2fsecret/logs/stream/',
    '/jobs/../secret/logs/',
    '/jobs/secret%00/logs/',
    '/jobs/secret.log/logs/',
    '//secret/logs/',
    'http://localhost/jobs/..%2fsecret/logs/',
  ])('%s leads nowhere', async (path) => {
    const harness = await startGateway();
    await writeFile(join(harness.directory, 'data', 'secret.log'), 'the secret');
    const answer = await sendRaw(harness, rawGet(path, { host: 'localhost' }));
    expect(answer).toMatch(/^HTTP\/1\.1 (400|404) /);
    expect(answer).not.toContain('the secret');
  });

  test('deletes and writes nothing out of its place either', async () => {
    const harness = await startGateway();
    const secret = join(harness.directory, 'data', 'secret.log');
    await writeFile(secret, 'the secret');
    for (const id of ['../secret', '..\\secret', 'a/../../secret', '%2e%2e%2fsecret', 'x\0', '.', '..']) {
      expect((await harness.call('POST', '/jobs/', { entrypoint: 'x', submission_id: id })).status).toBe(400);
      expect((await harness.call('POST', '/tickets/', { job_id: id })).status).toBe(400);
    }
    expect((await harness.call('DELETE', '/jobs/..%2fsecret/')).status).toBe(400);
    expect(await readdir(join(harness.directory, 'data', 'logs'))).toEqual([]);
    expect(await readdir(join(harness.directory, 'data'))).toContain('secret.log');
  });
});

describe('too much', () => {
  test('of headers is 431, by their number too', async () => {
    const harness = await startGateway();
    const many = Array.from({ length: 5_000 }, (_, index) => `x${index}: y\r\n`).join('');
    const same = 'x: y\r\n'.repeat(5_000);
    for (const headers of [many, same]) {
      const text = rawGet('/health/', { host: 'localhost' }).replace(/\r\n\r\n$/, `\r\n${headers}\r\n`);
      expect(await sendRaw(harness, text)).toMatch(/^HTTP\/1\.1 431 /);
    }
    expect((await harness.call('GET', '/health/')).status).toBe(200);
  });

  const json = 'content-type: application/json';
  const chunked = 'transfer-encoding: chunked';
  test.each([
    [
      'a body without an end',
      post('/jobs/', json, chunked),
      `4000\r\n${' '.repeat(0x4000)}\r\n`,
      /^HTTP\/1\.1 413 /,
    ],
    [
      'a body without an end that nobody reads',
      `${rawGet('/health/', { host: 'localhost', connection: 'keep-alive', 'transfer-encoding': 'chunked' })}`,
      `4000\r\n${' '.repeat(0x4000)}\r\n`,
      /^HTTP\/1\.1 200 /,
    ],
    [
      'a chunk extension without an end',
      `${post('/jobs/', json, chunked)}1;`,
      'x'.repeat(1_000),
      /^HTTP\/1\.1 4\d\d /,
    ],
    [
      'trailers without an end',
      `${post('/jobs/', json, chunked)}0\r\n`,
      `x: ${'y'.repeat(1_000)}\r\n`,
      /^(HTTP\/1\.1 4|$)/,
    ],
    [
      'headers without an end',
      post('/jobs/').slice(0, -2),
      `x: ${'y'.repeat(1_000)}\r\n`,
      /^HTTP\/1\.1 431 /,
    ],
    ['a request line without an end', 'GET /', 'x'.repeat(1_000), /^HTTP\/1\.1 4\d\d /],
  ])('%s is cut off', { timeout: 45_000 }, async (_name, beginning, piece, expected) => {
    const harness = await startGateway();
    expect(await flood(harness, beginning, piece)).toMatch(expected);
    expect((await harness.call('GET', '/health/')).status).toBe(200);
  });

  test.each([
    ['a chunk size that is none', 'zz\r\nx\r\n0\r\n\r\n'],
    ['a negative chunk size', '-1\r\nx\r\n0\r\n\r\n'],
    ['a chunk size past all numbers', 'ffffffffffffffffff\r\nx\r\n0\r\n\r\n'],
    ['a chunk longer than it says', '1\r\nxyz\r\n0\r\n\r\n'],
  ])('%s is 400', async (_name, body) => {
    const harness = await startGateway();
    expect(await sendRaw(harness, post('/jobs/', json, chunked) + body)).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('a length and chunks in one request, as smugglers send them, is 400', async () => {
    const harness = await startGateway();
    const head = post('/jobs/', json, chunked, 'content-length: 5');
    expect(await sendRaw(harness, `${head}0\r\n\r\nGET /health/ HTTP/1.1\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 400 /,
    );
  });
});

describe('JSON that is made to hurt', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  test.each<[name: string, body: string, said?: RegExp]>([
    ['100,000 deep, as a body', deep],
    ['100,000 deep, in a field', `{"entrypoint":"true","runtime_env":{"env_vars":${deep}}}`],
    [
      '100,000 deep, in a field of a runtime_env',
      `{"entrypoint":"true","runtime_env":{"a":${deep}}}`,
      /50 deep/,
    ],
    ['100,000 deep, without an end', '['.repeat(200_000)],
    ['a __proto__ within', '{"entrypoint":"true","metadata":{"__proto__":{"a":"b"}}}'],
    ['a constructor.prototype', '{"entrypoint":"true","constructor":{"prototype":{"a":"b"}}}'],
    ['a field name of a megabyte', `{"entrypoint":"true","${'x'.repeat(1_000_000)}":1}`],
    ['a NUL in a path', '{"entrypoint":"true","runtime_env":{"working_dir":"/tmp\\u0000"}}'],
    ['a NUL in a variable', '{"entrypoint":"true","runtime_env":{"env_vars":{"A":"\\u0000"}}}'],
  ])('%s is 400, in few words', async (_name, body, said = /./) => {
    const harness = await startGateway();
    const answer = await harness.call('POST', '/jobs/', body);
    expect(answer.status).toBe(400);
    expect(answer.json.detail).toMatch(said);
    expect(answer.text.length).toBeLessThan(2_100);
    expect((await harness.call('GET', '/jobs/')).json).toEqual([]);
    expect(harness.events.filter(({ type }) => type === 'error')).toEqual([]);
    expect(Reflect.get({}, 'a')).toBeUndefined();
  });

  test('lone surrogates go as far as they can, and break nothing', async () => {
    const harness = await startGateway();
    const id = await harness.submit('echo "\ud800"', { metadata: { '\udfff': '\ud800' } });
    expect((await harness.ended(id)).status).toBe('SUCCEEDED');
    expect((await harness.call('GET', `/jobs/${id}/logs/`)).text).toBe('\ufffd\n');
  });
});

test('who takes nothing of a whole log does not keep its connection', async () => {
  const harness = await startGateway({ maxConnections: 1, stallTimeoutMs: 300 });
  const close = { connection: 'close' };
  const body = { entrypoint: `head -c 60000000 /dev/zero`, submission_id: 'large' };
  expect((await harness.call('POST', '/jobs/', body, close)).status).toBe(201);
  await expect
    .poll(async () => (await harness.call('GET', '/jobs/large/', undefined, close)).json.status)
    .toBe('SUCCEEDED');
  const socket = connect(Number(new URL(harness.gateway.url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.pause();
  socket.write(rawGet('/jobs/large/logs/', { host: 'localhost', connection: 'keep-alive' }));
  await expect.poll(async () => (await harness.call('GET', '/health/', undefined, close)).status).toBe(503);
  await expect.poll(async () => (await harness.call('GET', '/health/', undefined, close)).status).toBe(200);
});

test('by default no origin is let in, neither by a preflight nor by a header', async () => {
  const harness = await startGateway();
  for (const origin of ['https://evil.example', 'null', 'http://localhost', 'file://', '*']) {
    for (const method of ['OPTIONS', 'GET', 'POST']) {
      const answer = await fetch(`${harness.gateway.url}/jobs/`, {
        method,
        headers: { origin, authorization: TOKEN, 'access-control-request-method': 'POST' },
      });
      expect(answer.status).toBe(403);
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  }
});

test('a token is compared in constant time, and never by itself', () => {
  const compared: number[] = [];
  const real = crypto.timingSafeEqual;
  vi.spyOn(crypto, 'timingSafeEqual').mockImplementation((a, b) => {
    compared.push(a.byteLength, b.byteLength);
    return real(a, b);
  });
  syncBuiltinESMExports();
  onTestFinished(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });
  const token = new BearerToken(TOKEN);
  const guesses = ['', TOKEN[0], TOKEN.slice(0, -1), `${TOKEN}x`, 'y'.repeat(100_000), undefined];
  for (const guess of guesses) expect(token.accepts(guess)).toBe(false);
  expect(token.accepts(TOKEN)).toBe(true);
  // Digests of one length, once for each guess, whatever the guess has in common with the token.
  expect(compared).toEqual(Array(2 * (guesses.length + 1)).fill(32));
});

test('nothing but the entrypoint reaches a shell', async () => {
  const harness = await startGateway();
  const marker = join(harness.directory, 'marker');
  const attack = `$(touch ${marker})\`touch ${marker}\`; touch ${marker} & "'\n touch ${marker} #`;
  const variables = {
    VALUE: attack,
    [`NAME;touch ${marker};X`]: 'x',
    'BASH_FUNC_echo%%': `() { touch ${marker}; }`,
  };
  const id = await harness.submit('printf %s "$VALUE"', {
    metadata: { [attack]: attack },
    runtime_env: { env_vars: variables },
  });
  expect((await harness.ended(id)).metadata).toEqual({ [attack]: attack });
  expect((await harness.call('GET', `/jobs/${id}/logs/`)).text).toBe(attack);
  for (const fields of [
    { submission_id: attack },
    { runtime_env: { working_dir: attack } },
    { runtime_env: { working_dir: `/tmp/${attack}` } },
  ]) {
    expect((await harness.call('POST', '/jobs/', { entrypoint: 'true', ...fields })).status).toBe(400);
  }
  await harness.call('GET', `/jobs/${encodeURIComponent(attack)}/logs/?tail=${encodeURIComponent(attack)}`);
  await harness.call('POST', `/jobs/${encodeURIComponent(attack)}/stop/`);
  expect(await readdir(harness.directory)).not.toContain('marker');
});
