import { describe, expect, test } from 'vitest';
import { createGateway } from '../gateway.js';
import { localDriver } from '../local/local-driver.js';
import { makeDirectory, startGateway, TOKEN } from '../testing/gateway-harness.js';
import { rawGet, sendRaw } from '../testing/raw-request.js';

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
    const told = harness.events.filter(({ type }) => type === 'token-refused');
    expect(told).toEqual([1, 10].map((count) => ({ type: 'token-refused', address: '127.0.0.1', count })));
    expect(await status('/health/', `Bearer ${TOKEN}`)).toBe(200);
    expect((await harness.webSocket('/jobs/x/logs/', { headers: {} }).refused).status).toBe(401);
    const answer = await fetch(`${harness.gateway.url}/jobs/?token=${TOKEN}`);
    expect(answer.status).toBe(401);
    // It makes room for others.
    expect(answer.headers.get('connection')).toBe('close');
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
