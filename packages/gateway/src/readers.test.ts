import { describe, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import type { JobDriver } from './contracts/job-driver.js';
import { localDriver } from './local/local-driver.js';
import { makeDirectory, startGateway, submitPipedJob } from './testing/gateway-harness.js';

describe('many readers', () => {
  /** Counts the reads and opens of the logs. */
  async function countingDriver(): Promise<{
    driver: JobDriver;
    counts: { opens: number; reads: number; open: number; bytes: number };
  }> {
    const inner = localDriver({ directory: await makeDirectory() });
    const counts = { opens: 0, reads: 0, open: 0, bytes: 0 };
    const openLog = inner.openLog.bind(inner);
    inner.openLog = async (jobId, fromByte) => {
      const log = await openLog(jobId, fromByte);
      counts.opens += 1;
      counts.open += 1;
      const read = log.read.bind(log);
      const close = log.close.bind(log);
      log.read = async (position, maxBytes) => {
        counts.reads += 1;
        const chunk = await read(position, maxBytes);
        counts.bytes += chunk.length;
        return chunk;
      };
      log.close = () => {
        counts.open -= 1;
        return close();
      };
      return log;
    };
    return { driver: inner, counts };
  }

  test('those at the same place share one open log and its reads, whole reads too, and the last one out closes it', async () => {
    const { driver, counts } = await countingDriver();
    const harness = await startGateway({ driver });
    const job = await submitPipedJob(harness);
    const readers = Array.from({ length: 50 }, () => harness.webSocket(`/jobs/${job.id}/logs/?batch=1`));
    await job.write('hello\n');
    await Promise.all(readers.map((reader) => reader.next()));
    const before = counts.reads;
    for (let count = 0; count < 10; count += 1) {
      await job.write(`line ${count}\n`);
      await Promise.all(readers.map((reader) => reader.next()));
    }
    // A line costs a read that finds it, and one that finds nothing after it.
    expect(counts.reads - before).toBeLessThan(60);
    const whole = await harness.call('GET', `/jobs/${job.id}/logs/`);
    expect(whole.text).toMatch(/^hello\nline 0\n.*line 9\n$/s);
    expect(counts.opens).toBe(1);
    await job.end();
    await Promise.all(readers.map((reader) => reader.all()));
    await expect.poll(() => counts.open).toBe(0);
  });

  test('a reader that leaves in mid-stream, or never finishes its handshake, gives the log back', async () => {
    const { driver, counts } = await countingDriver();
    const harness = await startGateway({ driver });
    const job = await submitPipedJob(harness);
    await job.write('x\n');
    const webSocket = harness.webSocket(`/jobs/${job.id}/logs/`);
    const sse = await harness.sse(`/jobs/${job.id}/logs/stream/`);
    await Promise.all([webSocket.next(), sse.next()]);
    webSocket.socket.terminate();
    sse.abort();
    const refused = await fetch(`${harness.gateway.url}/jobs/${job.id}/logs/`, {
      headers: { authorization: harness.gateway.token },
    });
    await refused.body?.cancel();
    await expect.poll(() => counts.open).toBe(0);
  });

  test('a slow reader holds nobody up, and still gets every line', async () => {
    const harness = await startGateway();
    const job = await submitPipedJob(harness);
    const slow = harness.webSocket(`/jobs/${job.id}/logs/?batch=1`);
    const quick = harness.webSocket(`/jobs/${job.id}/logs/?batch=1`);
    await job.write('begin\n');
    expect((await slow.next())?.offset).toBe(6);
    slow.socket.pause();
    const line = `${'y'.repeat(999)}\n`;
    const total = 60_000_000;
    const writing = (async () => {
      for (let written = 0; written < total; written += 1_000_000) await job.write(line.repeat(1_000));
      await job.end();
    })();
    let bytes = 0;
    for (let event = await quick.next(); event?.type !== 'complete'; event = await quick.next()) {
      if (event?.type === 'log') bytes += event.message?.length ?? 0;
    }
    await writing;
    expect(bytes).toBe(total + 6);
    slow.socket.resume();
    let slowBytes = 6;
    for (let event = await slow.next(); event?.type !== 'complete'; event = await slow.next()) {
      if (event?.type === 'log') slowBytes += event.message?.length ?? 0;
    }
    expect(slowBytes).toBe(total + 6);
  }, 60_000);

  test('for a reader that stops, reading stops too: nothing is queued but what the system holds', async () => {
    const { driver, counts } = await countingDriver();
    const harness = await startGateway({ driver, stallTimeoutMs: 300 });
    const id = await harness.submit(`head -c 60000000 /dev/zero | tr '\\0' '\\n'`);
    // Not by a reader of the gateway, which could be dropped itself.
    const log = await driver.openLog(id, 0);
    await new Promise<void>((resolve) => {
      const look = (): unknown => log.end && resolve();
      log.watch(look);
      look();
    });
    await log.close();
    expect(harness.events.map(({ type }) => type)).toEqual(['listening']);
    const reader = harness.webSocket(`/jobs/${id}/logs/?batch=1`);
    reader.socket.once('open', () => reader.socket.pause());
    await expect.poll(() => harness.events.map(({ type }) => type)).toContain('reader-dropped');
    expect(counts.bytes).toBeLessThan(10_000_000);
  });

  test('a reader that takes nothing for the stall time-out is dropped, with the reason', async () => {
    const harness = await startGateway({ stallTimeoutMs: 200 });
    const id = await harness.submit(`head -c 30000000 /dev/zero | tr '\\0' '\\n'`);
    await harness.ended(id);
    harness.events.length = 0;
    const reader = harness.webSocket(`/jobs/${id}/logs/?batch=1`);
    await new Promise((resolve) => reader.socket.once('open', resolve));
    reader.socket.pause();
    await expect.poll(() => harness.events.map(({ type }) => type)).toContain('reader-dropped');
    reader.socket.resume();
    expect((await reader.closed).code).toBe(1013);
    const sse = await harness.sse(`/jobs/${id}/logs/stream/?batch=1`);
    await expect.poll(() => harness.events.filter(({ type }) => type === 'reader-dropped').length).toBe(2);
    const events = await sse.all();
    expect(events.at(-1)?.type).toBe('error');
  });

  test('a log that cannot be read any more is an error event, not an end', async () => {
    const { driver } = await countingDriver();
    const harness = await startGateway({ driver });
    const openLog = driver.openLog.bind(driver);
    const error = new Error('EIO at /secret/place');
    driver.openLog = async (jobId, fromByte) => {
      const log = await openLog(jobId, fromByte);
      const read = log.read.bind(log);
      log.read = (position, maxBytes) => (position < 2 ? read(position, maxBytes) : Promise.reject(error));
      return log;
    };
    const id = await harness.submit('echo x; sleep 60');
    const webSocket = harness.webSocket(`/jobs/${id}/logs/?ticket=of-somebody`);
    const failed = { type: 'error', message: 'The log could not be read' };
    expect((await webSocket.all()).at(-1)).toEqual(failed);
    expect((await webSocket.closed).code).toBe(1011);
    const sse = await harness.sse(`/jobs/${id}/logs/stream/`);
    expect((await sse.all()).at(-1)).toEqual(failed);
    expect(harness.events.filter(({ type }) => type === 'error')).toEqual([
      { type: 'error', error, jobId: id, route: `GET /jobs/${id}/logs/` },
      { type: 'error', error, jobId: id, route: `GET /jobs/${id}/logs/stream/` },
    ]);
  });
});

test('closing ends readers of running jobs that are kept with 1001, and nobody is told complete', async () => {
  const directory = await makeDirectory();
  const harness = await startGateway({ driver: localDriver({ directory, keepJobs: true }) });
  const job = await submitPipedJob(harness);
  onTestFinished(job.end);
  await job.write('x\n');
  const webSocket = harness.webSocket(`/jobs/${job.id}/logs/`);
  const sse = await harness.sse(`/jobs/${job.id}/logs/stream/`, { accept: 'text/event-stream' });
  await Promise.all([webSocket.next(), sse.next()]);
  await harness.gateway.close();
  expect((await webSocket.closed).code).toBe(1001);
  expect(await sse.all().catch(() => 'cut')).toSatisfy((rest) => rest === 'cut' || rest.length === 0);
});

test('closing stops running jobs, and their readers are told so', async () => {
  const harness = await startGateway();
  const id = await harness.submit('echo x; sleep 60');
  const reader = harness.webSocket(`/jobs/${id}/logs/`);
  await reader.next();
  expect(reader.socket.readyState).toBe(WebSocket.OPEN);
  await harness.gateway.close();
  expect(await reader.next()).toMatchObject({ type: 'complete', status: 'STOPPED' });
});
