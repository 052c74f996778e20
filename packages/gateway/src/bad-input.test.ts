import { describe, expect, test } from 'vitest';
import { startGateway } from './testing/gateway-harness.js';
import { rawGet, rawRequest, sendRaw } from './testing/raw-request.js';

describe('bad input', () => {
  const ROWS: [name: string, method: string, path: string, body: unknown, status: number, detail: RegExp][] =
    [
      ['an unknown route', 'GET', '/nope/', undefined, 404, /No route GET \/nope/],
      ['the root', 'GET', '/', undefined, 404, /No route/],
      ['a wrong method', 'PUT', '/jobs/', {}, 405, /allowed: GET, POST/],
      ['a wrong method of a job', 'PATCH', '/jobs/x/', undefined, 405, /allowed: GET, DELETE/],
      ['an unknown job', 'GET', '/jobs/nope/', undefined, 404, /'nope' does not exist/],
      ['the logs of an unknown job', 'GET', '/jobs/nope/logs/', undefined, 404, /does not exist/],
      ['the stream of an unknown job', 'GET', '/jobs/nope/logs/stream/', undefined, 404, /does not exist/],
      ['stopping an unknown job', 'POST', '/jobs/nope/stop/', undefined, 404, /does not exist/],
      ['deleting an unknown job', 'DELETE', '/jobs/nope/', undefined, 404, /does not exist/],
      ['an unknown node', 'GET', '/nodes/nope/', undefined, 404, /does not exist/],
      ['an unknown task', 'GET', '/tasks/nope/', undefined, 404, /does not exist/],
      ['a job ID that climbs', 'GET', '/jobs/..%2Fx/', undefined, 400, /dashboard client/],
      ['a job ID with a slash', 'GET', '/jobs/a%2Fb/', undefined, 400, /dashboard client/],
      ['a job ID with a space', 'GET', '/jobs/a%20b/', undefined, 400, /dashboard client/],
      ['a job ID of 101 characters', 'GET', `/jobs/${'a'.repeat(101)}/`, undefined, 400, /100 characters/],
      ['a node ID with a dot', 'GET', '/nodes/a.b/', undefined, 400, /Node IDs/],
      ['a task ID with a dot', 'GET', '/tasks/a.b/', undefined, 400, /Task IDs/],
      ['broken percent-encoding', 'GET', '/jobs/%zz/', undefined, 400, /not a valid url/],
      ['invalid JSON', 'POST', '/jobs/', '{"entrypoint":', 400, /JSON/],
      ['a poisoned prototype', 'POST', '/jobs/', '{"entrypoint":"x","__proto__":{}}', 400, /key '__proto__'/],
      [
        'a poisoned prototype deep within, in escapes',
        'POST',
        '/jobs/',
        '{"entrypoint":"x","runtime_env":{"a":[{"\\u005f_proto__":1}]}}',
        400,
        /key '__proto__'/,
      ],
      [
        'a poisoned constructor',
        'POST',
        '/tickets/',
        '{"job_id":"x","constructor":{"prototype":{}}}',
        400,
        /key 'constructor.prototype'/,
      ],
      ['no JSON object', 'POST', '/jobs/', [], 400, /JSON object/],
      ['null', 'POST', '/jobs/', 'null', 400, /JSON object/],
      ['an empty body', 'POST', '/jobs/', '', 400, /JSON object/],
      ['no entrypoint', 'POST', '/jobs/', {}, 400, /entrypoint is required/],
      ['an empty entrypoint', 'POST', '/jobs/', { entrypoint: ' ' }, 400, /entrypoint must be/],
      ['a NUL in the entrypoint', 'POST', '/jobs/', { entrypoint: 'a\0b' }, 400, /NUL/],
      ['an unknown field', 'POST', '/jobs/', { entrypoint: 'x', entry: 1 }, 400, /'entry'/],
      ['metadata of numbers', 'POST', '/jobs/', { entrypoint: 'x', metadata: { a: 1 } }, 400, /metadata/],
      [
        'negative CPUs',
        'POST',
        '/jobs/',
        { entrypoint: 'x', entrypoint_num_cpus: -1 },
        400,
        /entrypoint_num_cpus/,
      ],
      [
        'a submission ID that climbs',
        'POST',
        '/jobs/',
        { entrypoint: 'x', submission_id: '../x' },
        400,
        /Job IDs/,
      ],
      ['an empty submission ID', 'POST', '/jobs/', { entrypoint: 'x', submission_id: '' }, 400, /Job IDs/],
      [
        'a submission ID that is an object',
        'POST',
        '/jobs/',
        { entrypoint: 'x', submission_id: {} },
        400,
        /Job IDs/,
      ],
      [
        'a pip environment',
        'POST',
        '/jobs/',
        { entrypoint: 'x', runtime_env: { pip: ['a'] } },
        400,
        /runtime_env\.pip/,
      ],
      [
        'a remote working_dir',
        'POST',
        '/jobs/',
        { entrypoint: 'x', runtime_env: { working_dir: 'gs://b/x' } },
        400,
        /working_dir/,
      ],
      [
        'a zip as working_dir',
        'POST',
        '/jobs/',
        { entrypoint: 'x', runtime_env: { working_dir: '/nope/x.zip' } },
        400,
        /working_dir/,
      ],
      [
        'an env_vars that is no object',
        'POST',
        '/jobs/',
        { entrypoint: 'x', runtime_env: { env_vars: [] } },
        400,
        /env_vars/,
      ],
      [
        'an env_vars name with =',
        'POST',
        '/jobs/',
        { entrypoint: 'x', runtime_env: { env_vars: { 'a=b': '' } } },
        400,
        /a=b/,
      ],
      [
        'an env_vars number',
        'POST',
        '/jobs/',
        { entrypoint: 'x', runtime_env: { env_vars: { A: 1 } } },
        400,
        /env_vars\.A/,
      ],
      ['a ticket for no job', 'POST', '/tickets/', {}, 400, /Job IDs/],
      ['a ticket for an unknown job', 'POST', '/tickets/', { job_id: 'nope' }, 404, /does not exist/],
      ['a body past 1 MiB', 'POST', '/jobs/', { entrypoint: 'x'.repeat(1024 * 1024) }, 413, /1048576 bytes/],
      [
        'metadata past what Ray can pass on',
        'POST',
        '/jobs/',
        { entrypoint: 'x', metadata: { a: 'x'.repeat(128_000) } },
        400,
        /metadata and runtime_env have 128021 bytes.*at most 128000 together/,
      ],
      [
        // Each of them is six characters in Ray's JSON.
        'metadata of too many letters beyond ASCII',
        'POST',
        '/jobs/',
        { entrypoint: 'x', metadata: { a: '가'.repeat(21_330) } },
        400,
        /128000 together/,
      ],
      [
        'a runtime_env past what Ray can pass on',
        'POST',
        '/jobs/',
        { entrypoint: 'x', runtime_env: { env_vars: { A: 'x'.repeat(128_000) } } },
        400,
        /128000 together/,
      ],
    ];

  test.each(ROWS)('%s', async (_name, method, path, body, status, detail) => {
    const harness = await startGateway();
    const answer = await harness.call(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(Object.keys(answer.json)).toEqual(['detail']);
    expect(answer.json.detail).toMatch(detail);
    expect(answer.text).not.toMatch(/\bat .*\.[jt]s/);
    if (status === 405) expect(answer.headers.get('allow')).toBe(answer.json.detail.split('allowed: ')[1]);
  });

  test('metadata that Ray can just pass on are taken, with the keys of any object', async () => {
    const harness = await startGateway();
    const metadata = { constructor: 'x'.repeat(100_000), toString: '가'.repeat(4_600) };
    const id = await harness.submit('true', { metadata });
    expect((await harness.ended(id)).metadata).toEqual(metadata);
  });

  test('a taken ID is 409, and so is deleting a running job', async () => {
    const harness = await startGateway();
    await harness.submit('sleep 60', { submission_id: 'mine' });
    expect((await harness.call('POST', '/jobs/', { entrypoint: 'x', submission_id: 'mine' })).status).toBe(
      409,
    );
    expect((await harness.call('DELETE', '/jobs/mine/')).status).toBe(409);
  });

  test('a body that is not JSON is 415, whatever it says it is', async () => {
    const harness = await startGateway();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', '']) {
      const answer = await harness.call('POST', '/jobs/', '{"entrypoint":"x"}', { 'content-type': type });
      expect(answer.status, type).toBe(415);
      expect(answer.json.detail, type).toContain('content-type: application/json');
    }
    expect((await harness.call('POST', '/tickets/')).status).toBe(415);
    expect((await harness.call('POST', '/jobs/x/stop/')).status).toBe(404);
  });

  test('what is not HTTP, and headers past 16 KiB, are answered in JSON too', async () => {
    const harness = await startGateway();
    expect(await sendRaw(harness, 'HELLO\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*\{"detail":"[^"]+"\}$/s);
    const long = await sendRaw(harness, rawGet('/health/', { host: 'localhost', x: 'y'.repeat(20_000) }));
    expect(long).toMatch(/^HTTP\/1\.1 431 .*\{"detail":"[^"]+"\}$/s);
  });

  test('an upgrade elsewhere than at a log is refused', async () => {
    const harness = await startGateway();
    expect((await harness.webSocket('/health/').refused).status).toBe(400);
    expect((await harness.webSocket('/nope/').refused).status).toBe(404);
    expect((await harness.webSocket('/jobs/nope/logs/').refused).status).toBe(404);
    expect((await harness.webSocket('/jobs/a.b/logs/').refused).status).toBe(400);
  });

  const handshake = {
    host: 'localhost',
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-version': '13',
  };
  const refusals: [name: string, request: string, status: number, detail: RegExp][] = [
    ['no Host', rawGet('/health/', {}), 421, /This Host/],
    ['no Host over HTTP/1.0', 'GET /health/ HTTP/1.0\r\n\r\n', 421, /This Host/],
    ['two Hosts', rawGet('/health/', { host: 'localhost', Host: 'localhost' }), 400, /one Host header/],
    ['CONNECT', rawRequest('CONNECT', 'example.org:443', { host: 'localhost' }), 405, /no proxy/],
    ['TRACE', rawRequest('TRACE', '/jobs/', { host: 'localhost' }), 405, /allowed: GET, POST/],
    ['PROPFIND', rawRequest('PROPFIND', '/jobs/x/', { host: 'localhost' }), 405, /allowed: GET, DELETE/],
    ['PROPFIND of nothing', rawRequest('PROPFIND', '/nope/', { host: 'localhost' }), 404, /No route/],
    ['a handshake by POST', rawRequest('POST', '/jobs/x/logs/', handshake), 405, /GET/],
    [
      'a handshake by POST with a body',
      `${rawRequest('POST', '/jobs/x/logs/', { ...handshake, 'content-type': 'application/json', 'content-length': '2' })}{}`,
      405,
      /GET/,
    ],
    [
      'a handshake with a bad key',
      rawGet('/jobs/x/logs/', { ...handshake, 'sec-websocket-key': 'bad' }),
      400,
      /Sec-WebSocket-Key/,
    ],
    [
      'a handshake of version 7',
      rawGet('/jobs/x/logs/', { ...handshake, 'sec-websocket-version': '7' }),
      426,
      /version 13/,
    ],
  ];

  test.each(refusals)('%s is refused in JSON', async (_name, request, status, detail) => {
    const harness = await startGateway();
    const [head = '', body = ''] = (await sendRaw(harness, request)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/^content-type: application\/json/im);
    if (status === 405) expect(head).toMatch(/^allow:/im);
    expect(JSON.parse(body)).toEqual({ detail: expect.stringMatching(detail) });
  });

  test('an offer of another protocol is left, and the request answered as it stands', async () => {
    const harness = await startGateway();
    const offer = { host: 'localhost', connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c' };
    const settings = { 'http2-settings': 'AAMAAABkAAQAAP__' };
    const answer = sendRaw(harness, rawGet('/health/', { ...offer, ...settings }));
    expect(await answer).toMatch(/^HTTP\/1\.1 200 .*"status":"ok"/s);
  });
});
