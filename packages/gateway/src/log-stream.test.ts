import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { localDriver } from './local/local-driver.js';
import { type LogEvent, makeDirectory, startGateway, submitPipedJob } from './testing/gateway-harness.js';

const logEvents = (events: LogEvent[]): LogEvent[] => events.filter(({ type }) => type === 'log');
const text = (events: LogEvent[]): string =>
  logEvents(events)
    .map(({ message }) => message)
    .join('');

describe('what a stream says', () => {
  test('one line a message, each with the bytes up to it, and complete at the end, on both transports', async () => {
    const harness = await startGateway();
    const id = await harness.submit(
      `printf 'one\\r\\n\\ntw\\303\\251\\n10%%\\r20%%\\nb\\377d\\nlast\\r'; exit 3`,
    );
    const expected = [
      { type: 'log', message: 'one', offset: 5 },
      { type: 'log', message: '', offset: 6 },
      { type: 'log', message: 'twé', offset: 11 },
      { type: 'log', message: '10%\r20%', offset: 19 },
      { type: 'log', message: 'b\ufffdd', offset: 23 },
      { type: 'log', message: 'last\r', offset: 28 },
      { type: 'complete', status: 'FAILED', exit_code: 3, offset: 28 },
    ];
    const sse = await harness.sse(`/jobs/${id}/logs/stream/`);
    expect(await sse.all()).toEqual(expected);
    const webSocket = harness.webSocket(`/jobs/${id}/logs/`);
    expect(await webSocket.all()).toEqual(expected);
    expect((await webSocket.closed).code).toBe(1000);
  });

  test('a byte order mark stays', async () => {
    const harness = await startGateway();
    const id = await harness.submit(`printf '\\357\\273\\277x\\n'`);
    for (const query of ['', '?batch=1']) {
      const [first] = await (await harness.sse(`/jobs/${id}/logs/stream/${query}`)).all();
      expect(first?.message?.trimEnd()).toBe('\ufeffx');
    }
  });

  test('batches hold whole lines up to 64 KiB, each ending with a newline', async () => {
    const harness = await startGateway();
    const id = await harness.submit(`seq 1 50000; printf 'no newline'`);
    await harness.ended(id);
    const reader = harness.webSocket(`/jobs/${id}/logs/?batch=1`);
    const events = await reader.all();
    const expected = `${Array.from({ length: 50_000 }, (_, index) => index + 1).join('\n')}\nno newline\n`;
    expect(text(events)).toBe(expected);
    const batches = logEvents(events);
    expect(batches.length).toBeLessThan(8);
    for (const { message } of batches) {
      expect(message?.endsWith('\n')).toBe(true);
      expect(message?.length).toBeLessThanOrEqual(64 * 1024);
    }
    expect(batches.at(-1)?.offset).toBe(expected.length - 1);
    expect(events.at(-1)).toMatchObject({ type: 'complete', offset: expected.length - 1 });
  });

  test('with bytes=1 the messages are the bytes of the log, cut after whole lines, among events as ever', async () => {
    const harness = await startGateway();
    const id = await harness.submit(`seq 1 20000; printf '\\377\\r\\n\\ntail\\r'; exit 3`);
    await harness.ended(id);
    const { url, token } = harness.gateway;
    const socket = new WebSocket(`${url.replace('http', 'ws')}/jobs/${id}/logs/?bytes=1&tail=20002`, {
      headers: { authorization: token },
    });
    const messages: { content: Buffer; isBinary: boolean }[] = [];
    socket.on('message', (content: Buffer, isBinary) => messages.push({ content, isBinary }));
    await once(socket, 'close');
    const lines = messages.filter(({ isBinary }) => isBinary).map(({ content }) => content);
    const log = Array.from({ length: 20_000 }, (_, index) => `${index + 1}\n`).join('');
    expect(Buffer.concat(lines)).toEqual(
      Buffer.concat([Buffer.from(log.slice(2)), Buffer.from([0xff]), Buffer.from('\r\n\ntail\r')]),
    );
    for (const content of lines.slice(0, -1)) expect(content.at(-1)).toBe(0x0a);
    const events = messages.filter(({ isBinary }) => !isBinary);
    const size = log.length + 9;
    expect(events.map(({ content }) => JSON.parse(content.toString()))).toEqual([
      { type: 'partial', message: '', offset: 2 },
      { type: 'complete', status: 'FAILED', exit_code: 3, offset: size },
    ]);
    const refused = await harness.call('GET', `/jobs/${id}/logs/stream/?bytes=1`);
    expect(refused).toMatchObject({ status: 400, json: { detail: expect.stringContaining('batch=1') } });
  });

  test('a line of 5 MB comes in one message, in both modes, and what follows it too', async () => {
    const harness = await startGateway();
    const id = await harness.submit(`echo before; head -c 5000000 /dev/zero | tr '\\0' x; echo; echo after`);
    await harness.ended(id);
    for (const query of ['', '?batch=1']) {
      const events = await harness.webSocket(`/jobs/${id}/logs/${query}`).all();
      const messages = logEvents(events).map(({ message }) => message?.trimEnd());
      expect(messages).toEqual(['before', 'x'.repeat(5_000_000), 'after']);
    }
  });

  test('old readers get neither ids nor comments, and lines that Python would cut are escaped', async () => {
    const harness = await startGateway({ pingIntervalMs: 5 });
    const job = await submitPipedJob(harness);
    await job.write('a\u2028b\u0085c\n');
    const old = await harness.sse(`/jobs/${job.id}/logs/stream/`, { accept: '*/*' });
    const modern = await harness.sse(`/jobs/${job.id}/logs/stream/`, { accept: 'text/event-stream' });
    expect((await old.next())?.message).toBe('a\u2028b\u0085c');
    await modern.next();
    const webSocket = harness.webSocket(`/jobs/${job.id}/logs/`);
    await new Promise((resolve) => webSocket.socket.once('ping', resolve));
    await job.end();
    await old.all();
    await modern.all();
    expect(old.lines.every((line) => line.startsWith('data: '))).toBe(true);
    expect(old.lines.join('')).not.toMatch(/[\u2028\u0085]/);
    expect(modern.lines).toContain('id: 9');
    expect(modern.lines).toContain(': ping');
    expect(old.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(old.response.headers.get('x-accel-buffering')).toBe('no');
    expect(old.response.headers.get('cache-control')).toBe('no-store');
  });
});

describe('where a stream starts', () => {
  test('at an offset, after the last event ID (which wins), or past the end: refused', async () => {
    const harness = await startGateway();
    const id = await harness.submit('echo a; echo b; echo c');
    await harness.ended(id);
    const path = `/jobs/${id}/logs/stream/`;
    const read = async (query: string, headers = {}): Promise<string[]> =>
      logEvents(await (await harness.sse(path + query, headers)).all()).map(({ message }) => message ?? '');
    expect(await read('?offset=2')).toEqual(['b', 'c']);
    expect(await read('?offset=6')).toEqual([]);
    expect(await read('?offset=0', { 'last-event-id': '4' })).toEqual(['c']);
    expect(await read('?tail=2')).toEqual(['b', 'c']);
    expect((await harness.call('GET', `${path}?offset=7`)).status).toBe(416);
    const webSocket = harness.webSocket(`/jobs/${id}/logs/?offset=7`);
    expect((await webSocket.closed).code).toBe(4416);
    expect(logEvents(await harness.webSocket(`/jobs/${id}/logs/?offset=4`).all())).toEqual([
      { type: 'log', message: 'c', offset: 6 },
    ]);
  });

  test.each([
    ['offset=-1'],
    ['offset=x'],
    ['offset=1.5'],
    ['offset=99999999999999999999'],
    ['tail=-1'],
    ['offset=1&tail=1'],
    ['offset=1&offset=2'],
    ['batch=yes'],
    ['follow=2'],
  ])('%s is refused with 400 before the stream begins', async (query) => {
    const harness = await startGateway();
    const id = await harness.submit('true');
    const answer = await harness.call('GET', `/jobs/${id}/logs/stream/?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.json.detail).toContain(query.split('=')[0]);
    expect((await harness.webSocket(`/jobs/${id}/logs/?${query}`).refused).status).toBe(400);
  });

  test('a tail counts whole lines while the job runs, and the unfinished one when it has ended', async () => {
    const harness = await startGateway();
    const job = await submitPipedJob(harness);
    await job.write('a\nb\nc\nunfin');
    const path = `/jobs/${job.id}/logs/stream/`;
    // The job copies what it is sent: only now is it in the log.
    const copied = await harness.sse(`${path}?batch=1`);
    while ((await copied.next())?.message !== 'unfin');
    const live = await harness.sse(`${path}?batch=1&tail=1`);
    expect(await live.next()).toEqual({ type: 'partial', message: '', offset: 4 });
    expect(await live.next()).toEqual({ type: 'log', message: 'c\n', offset: 6 });
    expect(await live.next()).toEqual({ type: 'partial', message: 'unfin' });
    const none = harness.webSocket(`/jobs/${job.id}/logs/?batch=1&tail=0`);
    expect(await none.next()).toEqual({ type: 'partial', message: '', offset: 6 });
    await job.end();
    expect(await live.next()).toEqual({ type: 'log', message: 'unfin\n', offset: 11 });
    await live.all();
    const offsets = [0, 1, 2, 4, 99].map(async (lines) => {
      const [first] = await (await harness.sse(`${path}?batch=1&tail=${lines}`)).all();
      return first?.offset;
    });
    expect(await Promise.all(offsets)).toEqual([11, 6, 4, 0, 0]);
  });

  test('a tail is found across many reads of a long log', async () => {
    const harness = await startGateway();
    const id = await harness.submit('seq 1 60000');
    await harness.ended(id);
    const events = logEvents(await (await harness.sse(`/jobs/${id}/logs/stream/?tail=40000`)).all());
    expect(events).toHaveLength(40_000);
    expect(events[0]?.message).toBe('20001');
  });
});

describe('a log that grows', () => {
  test('lines reach the reader as they are written, unfinished ones as partial events', async () => {
    const harness = await startGateway();
    const job = await submitPipedJob(harness);
    const reader = harness.webSocket(`/jobs/${job.id}/logs/?batch=1`);
    await job.write('first\n');
    expect(await reader.next()).toEqual({ type: 'log', message: 'first\n', offset: 6 });
    await job.write('10% \u00e9'.slice(0, 4));
    expect(await reader.next()).toEqual({ type: 'partial', message: '10% ' });
    // Half a character is not shown.
    await job.write(Buffer.from([0x78, 0xc3]));
    expect(await reader.next()).toEqual({ type: 'partial', message: '10% x' });
    await job.write(Buffer.from([0xa9, 0x0a]));
    let event = await reader.next();
    while (event?.type === 'partial') event = await reader.next();
    expect(event).toEqual({ type: 'log', message: '10% xé\n', offset: 14 });
    await job.end();
    expect(await reader.next()).toEqual({ type: 'complete', status: 'SUCCEEDED', exit_code: 0, offset: 14 });
  });

  test('a progress bar of many segments shows its last ones, at most ten times a second', async () => {
    const harness = await startGateway();
    const job = await submitPipedJob(harness);
    const reader = harness.webSocket(`/jobs/${job.id}/logs/?batch=1`);
    const start = performance.now();
    for (let count = 0; count < 400; count += 1) await job.write(`\r${String(count).padStart(50, ' ')}`);
    let partials = 0;
    let last: LogEvent | undefined;
    while (!last?.message?.endsWith(' 399')) {
      last = await reader.next();
      partials += 1;
    }
    expect(partials).toBeLessThanOrEqual((performance.now() - start) / 100 + 1);
    expect(last.message?.length).toBeLessThanOrEqual(4 * 1024);
  });

  test('follow=0 of a job that has not started says PENDING', async () => {
    const driver = localDriver({ directory: await makeDirectory() });
    const get = driver.get.bind(driver);
    // A cluster that has no room yet: the driver's own words, over a job that is there.
    driver.get = async (jobId) => ({ ...(await get(jobId)), status: 'PENDING' });
    const harness = await startGateway({ driver });
    const id = await harness.submit('sleep 60');
    const expected = [{ type: 'caught_up', status: 'PENDING', offset: 0 }];
    expect(await (await harness.sse(`/jobs/${id}/logs/stream/?follow=0`)).all()).toEqual(expected);
    expect(await harness.webSocket(`/jobs/${id}/logs/?follow=0`).all()).toEqual(expected);
  });

  test('follow=0 ends at the present end, with whole lines only while the job runs', async () => {
    const harness = await startGateway();
    const job = await submitPipedJob(harness);
    const follower = harness.webSocket(`/jobs/${job.id}/logs/?batch=1`);
    await job.write('a\nb\nhalf');
    while ((await follower.next())?.message !== 'half');
    const path = `/jobs/${job.id}/logs/stream/?batch=1&follow=0`;
    expect(await (await harness.sse(path)).all()).toEqual([
      { type: 'log', message: 'a\nb\n', offset: 4 },
      { type: 'caught_up', status: 'RUNNING', offset: 4 },
    ]);
    const webSocket = harness.webSocket(`/jobs/${job.id}/logs/?follow=0&offset=4`);
    expect(await webSocket.all()).toEqual([{ type: 'caught_up', status: 'RUNNING', offset: 4 }]);
    expect((await webSocket.closed).code).toBe(1000);
    await job.end();
    await follower.closed;
    expect((await (await harness.sse(path)).all()).slice(1)).toEqual([
      { type: 'log', message: 'half\n', offset: 8 },
      { type: 'complete', status: 'SUCCEEDED', exit_code: 0, offset: 8 },
    ]);
  });
});
