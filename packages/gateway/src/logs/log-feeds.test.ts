import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { NotFoundError } from '@raywire/core';
import { expect, test } from 'vitest';
import type { JobDriver } from '../contracts/job-driver.js';
import type { JobLog } from '../contracts/job-log.js';
import { LogFeeds } from './log-feeds.js';

/** An empty log. */
class OpenedLog implements JobLog {
  readonly size = 0;
  readonly end = undefined;
  readonly lingerMs: number;
  isClosed = false;
  replaced = false;

  constructor(lingerMs: number) {
    this.lingerMs = lingerMs;
  }

  async isCurrent(): Promise<boolean> {
    return !this.replaced;
  }

  async read(): Promise<Uint8Array> {
    return new Uint8Array(0);
  }

  watch(): () => void {
    return () => undefined;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

function openFeeds(lingerMs = 0) {
  const logs: OpenedLog[] = [];
  const errors: unknown[] = [];
  const openLog = async (): Promise<JobLog> => {
    const log = new OpenedLog(lingerMs);
    logs.push(log);
    return log;
  };
  const driver = { openLog } as Partial<JobDriver> as JobDriver;
  const feeds = new LogFeeds(driver, (error) => errors.push(error));
  /** A reader of the job's log. */
  const read = async () => {
    const connection = new PassThrough();
    const { log } = await feeds.hold('job', 0, connection);
    const leave = async (): Promise<void> => {
      connection.destroy();
      await delay(0);
    };
    return { log, leave };
  };
  return { feeds, logs, errors, driver, read };
}

test('all readers of a job share one open log, and it closes when the last one leaves', async () => {
  const { logs, read } = openFeeds();
  const readers = await Promise.all([read(), read(), read()]);
  expect(logs).toHaveLength(1);
  const [first, ...others] = readers;
  for (const { leave } of others) await leave();
  expect(logs[0]?.isClosed).toBe(false);
  await first?.leave();
  expect(logs[0]?.isClosed).toBe(true);
});

test('a reader that left before the log was open does not keep it open', async () => {
  const { feeds, logs } = openFeeds();
  const connection = new PassThrough();
  const held = feeds.hold('job', 0, connection);
  connection.destroy();
  await held;
  await delay(0);
  expect(logs[0]?.isClosed).toBe(true);
});

test('a log stays open for lingerMs after its last reader, and the next one shares it', async () => {
  const { logs, read } = openFeeds(50);
  await (await read()).leave();
  const second = await read();
  await delay(100);
  expect(logs).toHaveLength(1);
  expect(logs[0]?.isClosed).toBe(false);
  await second.leave();
  expect(logs[0]?.isClosed).toBe(false);
  await expect.poll(() => logs[0]?.isClosed).toBe(true);
  await read();
  expect(logs).toHaveLength(2);
});

test('when the ID belongs to another job, old readers keep their log and new ones get the new log', async () => {
  const { logs, read } = openFeeds(60_000);
  const old = await read();
  (logs[0] as OpenedLog).replaced = true;
  const [next, another] = await Promise.all([read(), read()]);
  expect(old.log).toBe(logs[0]);
  expect(next.log).toBe(logs[1]);
  expect(another.log).toBe(logs[1]);
  expect(logs).toHaveLength(2);
  expect(logs[0]?.isClosed).toBe(false);
  await old.leave();
  expect(logs[0]?.isClosed).toBe(true);
  expect(logs[1]?.isClosed).toBe(false);
});

test('the log of a deleted job closes at once without readers, and with its last reader otherwise', async () => {
  const { feeds, logs, read } = openFeeds(60_000);
  await (await read()).leave();
  feeds.forget('job');
  await delay(0);
  expect(logs[0]?.isClosed).toBe(true);
  const reader = await read();
  feeds.forget('job');
  expect(logs[1]?.isClosed).toBe(false);
  expect((await read()).log).toBe(logs[2]);
  await reader.leave();
  expect(logs[1]?.isClosed).toBe(true);
});

test('a new reader of a job that no longer exists gets the error, even if others still read its log', async () => {
  const { logs, read, errors } = openFeeds();
  const reader = await read();
  const [log] = logs as [OpenedLog];
  log.isCurrent = () => Promise.reject(new NotFoundError({ message: 'No job' }));
  await expect(read()).rejects.toThrow('No job');
  expect(log.isClosed).toBe(false);
  await reader.leave();
  expect(log.isClosed).toBe(true);
  expect(errors).toEqual([]);
});

test('all who wait for a log that cannot be opened get the error, and the next reader a new attempt', async () => {
  const { driver, read, errors } = openFeeds();
  const { openLog } = driver;
  driver.openLog = () => Promise.reject(new NotFoundError({ message: 'No job' }));
  const results = await Promise.allSettled([read(), read()]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  driver.openLog = openLog;
  await read();
  expect(errors).toEqual([]);
});

test('close() closes every log, with and without readers, and none is opened after it', async () => {
  const { feeds, logs, read } = openFeeds(60_000);
  const old = await read();
  feeds.forget('job');
  await (await read()).leave();
  await feeds.close();
  expect(logs.map(({ isClosed }) => isClosed)).toEqual([true, true]);
  await expect(read()).rejects.toMatchObject({ statusCode: 503 });
  await old.leave();
  expect(logs).toHaveLength(2);
});

test('the error of a log that cannot be closed is reported', async () => {
  const { logs, read, errors } = openFeeds();
  const reader = await read();
  const error = new Error('EIO');
  (logs[0] as OpenedLog).close = () => Promise.reject(error);
  await reader.leave();
  expect(errors).toEqual([error]);
});
