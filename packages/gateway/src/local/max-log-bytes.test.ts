import { existsSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Harness, makeDirectory, startGateway, submitPipedJob } from '../testing/gateway-harness.js';
import { readDroppedRecord } from './dropped-record.js';
import { localDriver } from './local-driver.js';

const MIB = 1024 * 1024;
const MAX = MIB;

const numbersOf = (text: string): number[] => text.trimEnd().split('\n').map(Number);
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

const lineOf = (number: number): string => `${String(number).padStart(99, '0')}\n`;

interface LimitedJob {
  id: string;
  log: string;
  dropped(): number;
  /** The job prints so many numbered lines of 100 bytes, and they are there. */
  print(lines: number): Promise<void>;
  /** More was dropped than before. */
  trimmed(): Promise<void>;
  end(): Promise<void>;
}

async function startLimited(harness: Harness, data: string): Promise<LimitedJob> {
  const job = await submitPipedJob(harness);
  const log = join(data, 'logs', `${job.id}.log`);
  const record = join(data, 'logs', `${job.id}.dropped`);
  let printed = 0;
  let dropped = 0;
  return {
    id: job.id,
    log,
    dropped: () => readDroppedRecord(record),
    async print(lines) {
      await job.write(
        range(printed, printed + lines)
          .map(lineOf)
          .join(''),
      );
      printed += lines;
      await expect.poll(() => statSync(log).size, { timeout: 10_000 }).toBe(printed * 100);
    },
    async trimmed() {
      await expect.poll(() => readDroppedRecord(record), { timeout: 10_000 }).toBeGreaterThan(dropped);
      // The record comes first.
      await expect.poll(() => statSync(log).blocks * 512, { timeout: 10_000 }).toBeLessThan(MAX + 8_192);
      dropped = readDroppedRecord(record);
    },
    end: () => job.end(),
  };
}

async function limitedGateway(): Promise<{ harness: Harness; job: LimitedJob }> {
  const data = join(await makeDirectory(), 'data');
  const harness = await startGateway({ driver: localDriver({ directory: data, maxLogBytes: MAX }) });
  return { harness, job: await startLimited(harness, data) };
}

describe.runIf(process.platform === 'linux')('a log that is longer than maxLogBytes', () => {
  test('takes no more room than that, and is read from the first line that is left, at the offsets of the whole', async () => {
    const { harness, job } = await limitedGateway();
    await job.print(30_000);
    await job.trimmed();
    const first = Math.ceil((job.dropped() + 1) / 100);
    expect(job.dropped()).toBeGreaterThan(30_000 * 100 - MAX);
    const tasks = (await harness.call('GET', '/tasks/')).json as { name: string }[];
    expect(tasks.map(({ name }) => name.split(' ')[0])).toEqual(['cat']);

    const whole = await harness.call('GET', `/jobs/${job.id}/logs/`);
    expect(whole.headers.get('x-raywire-dropped-bytes')).toBe(String(first * 100));
    expect(numbersOf(whole.text)).toEqual(range(first, 30_000));

    const stream = await harness.sse(`/jobs/${job.id}/logs/stream/?batch=1&follow=0`);
    const [beginning, ...batches] = await stream.all();
    expect(beginning).toEqual({ type: 'partial', message: '', offset: first * 100 });
    expect(batches.at(-1)).toMatchObject({ type: 'caught_up', offset: 3_000_000 });
    const streamed = batches
      .slice(0, -1)
      .map(({ message }) => message)
      .join('');
    expect(numbersOf(streamed)).toEqual(range(first, 30_000));

    const each = harness.webSocket(`/jobs/${job.id}/logs/`);
    expect(await each.next()).toEqual({
      type: 'log',
      message: String(first).padStart(99, '0'),
      offset: first * 100 + 100,
    });
    const tail = harness.webSocket(`/jobs/${job.id}/logs/?tail=2`);
    expect(await tail.next()).toMatchObject({ message: String(29_998).padStart(99, '0') });
    const allLines = harness.webSocket(`/jobs/${job.id}/logs/?tail=40000`);
    expect(await allLines.next()).toMatchObject({ offset: first * 100 + 100 });
    await job.end();
    expect((await each.all()).at(-1)).toMatchObject({ type: 'complete', offset: 3_000_000 });
  });

  test('is refused at an offset that was dropped: 416, and 4416', async () => {
    const { harness, job } = await limitedGateway();
    await job.print(30_000);
    await job.trimmed();
    for (const offset of [100, job.dropped() - 1]) {
      const answer = await harness.call('GET', `/jobs/${job.id}/logs/stream/?offset=${offset}`);
      expect(answer.status).toBe(416);
      expect(answer.json.detail).toContain(`holds bytes ${job.dropped()} to 3000000`);
      const webSocket = harness.webSocket(`/jobs/${job.id}/logs/?offset=${offset}`);
      expect((await webSocket.closed).code).toBe(4416);
    }
    expect((await harness.call('GET', `/jobs/${job.id}/logs/stream/?offset=3000000&follow=0`)).status).toBe(
      200,
    );
    await job.end();
  });

  test('drops a reader that fell behind, with 4416 and no line that is not one, and keeps the one that did not', async () => {
    const { harness, job } = await limitedGateway();
    await job.print(100);
    const slow = harness.webSocket(`/jobs/${job.id}/logs/`);
    const fast = harness.webSocket(`/jobs/${job.id}/logs/`);
    await slow.next();
    slow.socket.pause();
    await fast.next();
    const path = `/jobs/${job.id}/logs/stream/`;
    const resuming = await harness.sse(path, { accept: 'text/event-stream' });
    const old = await harness.sse(path);
    await Promise.all([resuming.next(), old.next()]);
    let printed = 100;
    for (let round = 0; round < 6; round += 1) {
      await job.print(20_000);
      printed += 20_000;
      await job.trimmed();
    }
    slow.socket.resume();
    expect((await slow.closed).code).toBe(4416);
    const lines = await slow.all();
    expect(lines.map(({ message }) => Number(message))).toEqual(range(1, lines.length + 1));
    expect(lines.length).toBeLessThan(printed);
    // One resumes, and is refused; one that cannot is told an error.
    for (const reader of [resuming, old]) {
      const events = await reader.all();
      const told = events.at(-1)?.type === 'error' ? events.pop() : undefined;
      expect(told?.message).toEqual(reader === old ? expect.stringContaining('no longer holds') : undefined);
      expect(events.map(({ message }) => Number(message))).toEqual(range(1, events.length + 1));
    }
    await job.end();
    const all = await fast.all();
    expect(all.slice(0, -1).map(({ message }) => Number(message))).toEqual(range(1, printed));
    expect(harness.events).toContainEqual({
      type: 'reader-dropped',
      jobId: job.id,
      reason: expect.stringContaining('maxLogBytes'),
    });
  });

  test('stays within it while no gateway is there, and the next one goes on at the same offsets', async () => {
    const data = join(await makeDirectory(), 'data');
    const options = { directory: data, maxLogBytes: MAX, keepJobs: true };
    const first = await startGateway({ driver: localDriver(options) });
    const job = await startLimited(first, data);
    await job.print(20_000);
    await first.gateway.close();
    await job.trimmed();
    await job.print(20_000);
    await job.trimmed();
    const second = await startGateway({ driver: localDriver({ directory: data }) });
    const { text, headers } = await second.call('GET', `/jobs/${job.id}/logs/`);
    const dropped = Number(headers.get('x-raywire-dropped-bytes'));
    expect(dropped).toBeGreaterThan(40_000 * 100 - MAX);
    expect(numbersOf(text)).toEqual(range(dropped / 100, 40_000));
    await job.end();
    expect((await second.ended(job.id)).status).toBe('SUCCEEDED');
    await second.call('DELETE', `/jobs/${job.id}/`);
    expect(existsSync(job.log)).toBe(false);
    expect(existsSync(job.log.replace('.log', '.dropped'))).toBe(false);
  });

  test('of one line alone has no first line while that is written, and is empty when it has ended', async () => {
    const data = join(await makeDirectory(), 'data');
    const harness = await startGateway({ driver: localDriver({ directory: data, maxLogBytes: MAX }) });
    const go = join(harness.directory, 'go');
    const id = await harness.submit(
      `head -c 3000000 /dev/zero | tr '\\0' x; while [ ! -e '${go}' ]; do sleep 0.1; done`,
    );
    const record = join(data, 'logs', `${id}.dropped`);
    await expect.poll(() => readDroppedRecord(record), { timeout: 10_000 }).toBeGreaterThan(0);
    expect((await harness.call('GET', `/jobs/${id}/logs/stream/`)).status).toBe(503);
    expect((await harness.call('GET', `/jobs/${id}/logs/`)).status).toBe(503);
    await writeFile(go, '');
    await expect.poll(async () => (await harness.call('GET', `/jobs/${id}/`)).json.status).toBe('SUCCEEDED');
    const whole = await harness.call('GET', `/jobs/${id}/logs/`);
    expect([whole.text, whole.headers.get('x-raywire-dropped-bytes')]).toEqual(['', '3000000']);
  });
});

test('a log with zeros in it is delivered as it is', async () => {
  const harness = await startGateway();
  const id = await harness.submit(`printf 'a\\0b\\n\\0\\0\\n'`);
  await harness.ended(id);
  expect((await harness.call('GET', `/jobs/${id}/logs/`)).text).toBe('a\0b\n\0\0\n');
  expect(await readFile(join(harness.directory, 'data', 'logs', `${id}.log`), 'latin1')).toBe('a\0b\n\0\0\n');
});

test('maxLogBytes below 1 MiB is refused', () => {
  expect(() => localDriver({ directory: 'x', maxLogBytes: 1_000 })).toThrow(
    /maxLogBytes must be a whole number/,
  );
});
