import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createGateway } from './gateway.js';
import { Tickets } from './guards/tickets.js';
import { localDriver } from './local/local-driver.js';
import { type Harness, makeDirectory, startGateway, TOKEN } from './testing/gateway-harness.js';

/** Sends bytes as they are, and gives what comes back until the server closes. */
async function sendRaw(harness: Harness, text: string): Promise<string> {
  const socket = connect(Number(new URL(harness.gateway.url).port), '127.0.0.1');
  socket.end(text);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  await once(socket, 'close');
  return answer;
}

const rawGet = (path: string, headers: Record<string, string>): string =>
  `GET ${path} HTTP/1.1\r\n${Object.entries({ connection: 'close', authorization: TOKEN, ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

describe('routes', () => {
  test('health says who answers and what it can do, with and without the trailing slash', async () => {
    const harness = await startGateway();
    for (const path of ['/health/', '/health']) {
      expect((await harness.call('GET', path)).json).toEqual({
        status: 'ok',
        server: expect.stringMatching(/^raywire-gateway\/\d+\.\d+\.\d+/),
        driver: 'local',
        capabilities: ['resume', 'batch', 'submit', 'delete', 'tickets', 'follow'],
      });
    }
  });

  test('a job is submitted, seen, read as a whole, and deleted', async () => {
    const harness = await startGateway();
    const answer = await harness.call('POST', '/jobs/', {
      entrypoint: 'echo hällo; exit 0',
      metadata: { owner: 'me' },
      entrypoint_num_cpus: 1,
      submission_id: null,
    });
    expect(answer.status).toBe(201);
    const { job_id: id, submission_id } = answer.json;
    expect(id).toMatch(/^raysubmit_[a-zA-Z0-9]{16}$/);
    expect(submission_id).toBe(id);
    expect(await harness.ended(id)).toMatchObject({
      type: 'SUBMISSION',
      job_id: id,
      submission_id: id,
      status: 'SUCCEEDED',
      entrypoint: 'echo hällo; exit 0',
      metadata: { owner: 'me' },
      runtime_env: {},
      entrypoint_num_cpus: 1,
      driver_exit_code: 0,
      error_type: null,
    });
    expect((await harness.call('GET', '/jobs/')).json.map((job: { job_id: string }) => job.job_id)).toEqual([
      id,
    ]);
    const logs = await harness.call('GET', `/jobs/${id}/logs/`);
    expect(logs.text).toBe('hällo\n');
    expect(logs.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(logs.headers.get('content-length')).toBe('7');
    expect((await harness.call('DELETE', `/jobs/${id}/`)).status).toBe(204);
    expect((await harness.call('GET', `/jobs/${id}/`)).status).toBe(404);
    expect((await harness.call('GET', `/jobs/${id}/logs/`)).status).toBe(404);
  });

  test('after a delete the same ID has the new log, not the old one', async () => {
    const harness = await startGateway();
    await harness.submit('echo old', { submission_id: 'same' });
    await harness.ended('same');
    await harness.call('DELETE', '/jobs/same/');
    await harness.submit('echo new', { submission_id: 'same' });
    await harness.ended('same');
    expect((await harness.call('GET', '/jobs/same/logs/')).text).toBe('new\n');
  });

  test('the machine is the one node, with real figures', async () => {
    const harness = await startGateway();
    const [node] = (await harness.call('GET', '/nodes/')).json;
    expect(node).toMatchObject({ state: 'ALIVE', alive: true, node_ip: '127.0.0.1' });
    expect(node.resources_total.CPU).toBeGreaterThan(0);
    expect(node.memory.available).toBeGreaterThan(0);
    expect(node.memory.available).toBeLessThanOrEqual(node.memory.total);
    expect((await harness.call('GET', `/nodes/${node.node_id}/`)).json.node_id).toBe(node.node_id);
  });

  test('tasks are the running processes of jobs', async () => {
    const harness = await startGateway();
    const id = await harness.submit('sleep 61 & sleep 62; wait');
    await expect.poll(async () => (await harness.call('GET', '/tasks/')).json.length).toBe(3);
    const tasks = (await harness.call('GET', '/tasks/')).json;
    expect(tasks.map((task: { name: string }) => task.name)).toContain('sleep 61');
    expect(
      tasks.every(
        (task: { job_id: string; state: string }) => task.job_id === id && task.state === 'RUNNING',
      ),
    ).toBe(true);
    const one = await harness.call('GET', `/tasks/${tasks[0].task_id}/`);
    expect(one.json.pid).toBe(tasks[0].pid);
  });

  test('there are no GPUs and no Serve applications, and names of those are free text', async () => {
    const harness = await startGateway();
    expect((await harness.call('GET', '/gpu_status/')).json.gpus).toEqual([]);
    expect((await harness.call('GET', '/serve_applications/')).json).toEqual([]);
    const name = encodeURIComponent('a b/c ü');
    for (const method of ['GET', 'DELETE']) {
      const answer = await harness.call(method, `/serve_applications/${name}/`);
      expect(answer.status).toBe(404);
      expect(answer.json.detail).toContain('a b/c ü');
    }
    expect((await harness.call('GET', '/serve_applications/%00/')).status).toBe(400);
  });
});

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
      ['a poisoned prototype', 'POST', '/jobs/', '{"entrypoint":"x","__proto__":{}}', 400, /./],
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
      ['a body past 1 MiB', 'POST', '/jobs/', { entrypoint: 'x'.repeat(1024 * 1024) }, 413, /too large/],
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
});

describe('who may call', () => {
  test('every route asks for the token, unknown ones too, and takes it bare or after Bearer', async () => {
    const harness = await startGateway();
    const status = async (path: string, authorization: string | undefined): Promise<number> =>
      (
        await fetch(harness.gateway.url + path, {
          headers: authorization === undefined ? {} : { authorization },
        })
      ).status;
    for (const path of ['/health/', '/jobs/', '/nope/', '/jobs/x/logs/stream/', '/jobs/%2e%2e/']) {
      for (const wrong of [undefined, 'wrong', TOKEN.slice(0, -1), `${TOKEN}x`, `Basic ${TOKEN}`]) {
        expect(await status(path, wrong), `${path} ${wrong}`).toBe(401);
      }
    }
    expect(await status('/health/', TOKEN)).toBe(200);
    expect(await status('/health/', `Bearer ${TOKEN}`)).toBe(200);
    expect((await harness.webSocket('/jobs/x/logs/', { headers: {} }).refused).status).toBe(401);
    const answer = await fetch(`${harness.gateway.url}/jobs/?token=${TOKEN}`);
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain(TOKEN);
  });

  test('without a token one is made, and told once', async () => {
    const told: string[] = [];
    const gateway = createGateway({
      driver: localDriver({ directory: await makeDirectory() }),
      onToken: (token) => told.push(token),
    });
    expect(gateway.token).toMatch(/^[\w-]{43}$/);
    await gateway.listen();
    expect(told).toEqual([gateway.token]);
    await gateway.close();
  });

  test('only Hosts that are its own', async () => {
    const harness = await startGateway({ allowedHosts: ['ray.example.org', 'other.example.org:8080'] });
    const accepted = async (host: string): Promise<boolean> => {
      const answer = await sendRaw(harness, rawGet('/health/', { host }));
      expect(answer).toMatch(/^HTTP\/1\.1 (200|421|400)/);
      return answer.startsWith('HTTP/1.1 200');
    };
    for (const host of [
      'localhost',
      'LOCALHOST:1',
      '127.0.0.1:99',
      '127.1.2.3',
      '[::1]:5',
      'ray.example.org:7',
      'other.example.org:8080',
    ]) {
      expect(await accepted(host), host).toBe(true);
    }
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'other.example.org',
      '192.168.0.1',
      'a@localhost',
      'localhost/x',
      '',
    ]) {
      expect(await accepted(host), host).toBe(false);
    }
  });

  test('only Origins that are its own or listed, on WebSockets too, and CORS for the listed alone', async () => {
    const harness = await startGateway({ corsOrigins: ['https://app.example.org'] });
    const { url } = harness.gateway;
    const id = await harness.submit('echo x');
    const own = await harness.call('GET', '/health/', undefined, { origin: url });
    expect(own.status).toBe(200);
    expect(own.headers.get('access-control-allow-origin')).toBeNull();
    const listed = await harness.call('GET', '/health/', undefined, { origin: 'https://app.example.org' });
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://app.example.org');
    expect(listed.headers.get('access-control-allow-credentials')).toBeNull();
    expect(listed.headers.get('vary')).toBe('origin');
    const stream = await harness.sse(`/jobs/${id}/logs/stream/`, { origin: 'https://app.example.org' });
    expect(stream.response.headers.get('access-control-allow-origin')).toBe('https://app.example.org');
    const headers = { authorization: TOKEN };
    for (const origin of [
      'https://evil.example',
      'null',
      'http://127.0.0.1:1',
      'https://app.example.org.evil.example',
    ]) {
      expect((await harness.call('GET', '/health/', undefined, { origin })).status).toBe(403);
      expect((await harness.webSocket(`/jobs/${id}/logs/`, { headers, origin }).refused).status).toBe(403);
    }
    // As Python's websocket-client does.
    expect((await harness.webSocket(`/jobs/${id}/logs/`, { headers, origin: url }).closed).code).toBe(1000);
  });

  test('a preflight is answered for listed origins, without the token', async () => {
    const harness = await startGateway({ corsOrigins: ['https://app.example.org'] });
    const preflight = (origin: string): Promise<Response> =>
      fetch(`${harness.gateway.url}/jobs/`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const answer = await preflight('https://app.example.org');
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-headers')).toContain('authorization');
    expect((await preflight('https://evil.example')).status).toBe(403);
  });

  test('a ticket opens one log once, and no other', async () => {
    const harness = await startGateway();
    const id = await harness.submit('echo x');
    const other = await harness.submit('echo y');
    const ticket = async (): Promise<string> => {
      const answer = await harness.call('POST', '/tickets/', { job_id: id });
      expect(answer.status).toBe(201);
      expect(answer.json.expires_in).toBe(30);
      return answer.json.ticket;
    };
    const open = (job: string, value: string) =>
      harness.webSocket(`/jobs/${job}/logs/?ticket=${value}`, { headers: {} });
    const first = await ticket();
    expect((await open(id, first).closed).code).toBe(1000);
    expect((await open(id, first).refused).status).toBe(401);
    const second = await ticket();
    expect((await open(other, second).refused).status).toBe(401);
    expect((await open(id, second).refused).status).toBe(401);
    const third = await ticket();
    expect((await fetch(`${harness.gateway.url}/jobs/${id}/logs/?ticket=${third}`)).status).toBe(401);
    expect((await open(id, 'x').refused).status).toBe(401);
  });

  test('tickets expire after 30 s, and no more than a thousand are open', () => {
    let now = 0;
    const tickets = new Tickets(() => now);
    const { ticket } = tickets.issue('a');
    now = 30_000;
    expect(tickets.redeem(ticket, 'a')).toBe(false);
    for (let count = 0; count < 1_000; count += 1) tickets.issue('a');
    expect(() => tickets.issue('a')).toThrow(/1000 tickets are open/);
    now = 60_001;
    expect(tickets.redeem(tickets.issue('b').ticket, 'b')).toBe(true);
  });

  test('connections past the limit are answered 503, and the old ones live on', async () => {
    const harness = await startGateway({ maxConnections: 2 });
    const id = 'held';
    await sendRaw(
      harness,
      `POST /jobs/ HTTP/1.1\r\nhost: localhost\r\nauthorization: ${TOKEN}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 49\r\n\r\n{"entrypoint":"sleep 60","submission_id":"held"} `,
    );
    const first = harness.webSocket(`/jobs/${id}/logs/?batch=1&tail=0`);
    const second = harness.webSocket(`/jobs/${id}/logs/?batch=1&tail=0`);
    expect((await first.next())?.type).toBe('partial');
    expect((await second.next())?.type).toBe('partial');
    const third = await harness.webSocket(`/jobs/${id}/logs/`).refused;
    expect(third.status).toBe(503);
    expect(JSON.parse(third.body).detail).toMatch(/no free connection/);
    expect(
      (await sendRaw(harness, rawGet('/health/', { host: 'localhost' }))).startsWith('HTTP/1.1 503'),
    ).toBe(true);
    expect(first.socket.readyState).toBe(first.socket.OPEN);
    first.socket.terminate();
    await expect
      .poll(async () => (await sendRaw(harness, rawGet('/health/', { host: 'localhost' }))).slice(0, 12))
      .toBe('HTTP/1.1 200');
  });
});

describe('options', () => {
  const driver = localDriver({ directory: '/nonexistent' });
  test.each([
    [{ token: '' }, /token/],
    [{ token: 'with space' }, /token/],
    [{ port: -1 }, /port/],
    [{ port: 70_000 }, /port/],
    [{ host: '' }, /host/],
    [{ corsOrigins: ['*'] }, /corsOrigins/],
    [{ corsOrigins: ['https://a.example/'] }, /corsOrigins/],
    [{ allowedHosts: ['http://a'] }, /allowedHosts/],
    [{ maxConnections: 0 }, /maxConnections/],
    [{ stallTimeoutMs: Number.NaN }, /stallTimeoutMs/],
    [{ timeout: 5 }, /no option 'timeout'/],
    [{ driver: {} }, /contract version 1/],
  ])('%o is refused by name', (options, message) => {
    expect(() => createGateway({ driver, ...(options as object) })).toThrow(message);
  });

  test('a gateway listens once, and closes as often as asked', async () => {
    const { gateway } = await startGateway();
    await expect(gateway.listen()).rejects.toThrow(/once/);
    await Promise.all([gateway.close(), gateway.close()]);
    await gateway[Symbol.asyncDispose]();
    await expect(fetch(gateway.url)).rejects.toThrow();
  });

  test('a port that is taken fails listen, and leaves nothing open', async () => {
    const { gateway } = await startGateway();
    const directory = await makeDirectory();
    const options = { driver: localDriver({ directory }), token: TOKEN };
    const second = createGateway({ ...options, port: Number(new URL(gateway.url).port) });
    await expect(second.listen()).rejects.toThrow(/EADDRINUSE/);
    const third = createGateway({ ...options, driver: localDriver({ directory }) });
    await third.listen();
    await third.close();
  });
});
