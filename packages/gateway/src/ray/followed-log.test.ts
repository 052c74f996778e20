import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ApiClient,
  ClientConnectionError,
  type LogTransport,
  NotFoundError,
  StreamGapError,
} from '@raywire/core';
import type { JobState, LogEnd, LogSource, LogSourceRequest } from '@raywire/ray';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ByteStreams } from './byte-stream.js';
import { FollowedLog } from './followed-log.js';
import { Spool } from './spool.js';
import { SpoolFolder } from './spool-folder.js';

const running: JobState = { status: 'RUNNING', terminal: false, exitCode: null, identity: null };

/** A log that grows, read through a source whose connections break whenever the test says so. */
class GrowingLog {
  bytes = new Uint8Array(0);
  end: LogEnd | undefined;
  opened: { offset: number; follow: boolean }[] = [];
  failOpen: Error | undefined;
  failState: Error | undefined;
  identity: string | null = null;
  pieceBytes = 7;
  /** So many times a source cannot be opened. */
  failOpens = 0;
  #changed = Promise.withResolvers<void>();
  #cuts = 0;

  grow(text: string): void {
    this.bytes = Buffer.concat([this.bytes, Buffer.from(text)]);
    this.#wake();
  }

  finish(): void {
    this.end = { type: 'complete', status: 'SUCCEEDED', exitCode: 0, offset: this.bytes.length };
    this.#wake();
  }

  breakConnections(): void {
    this.#cuts++;
    this.#wake();
  }

  #wake(): void {
    const changed = this.#changed;
    this.#changed = Promise.withResolvers<void>();
    changed.resolve();
  }

  async *#read(offset: number, follow: boolean, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    const cuts = this.#cuts;
    for (let position = offset; ; ) {
      const changed = this.#changed.promise;
      const ended = this.end !== undefined;
      while (position < this.bytes.length) {
        const part = this.bytes.subarray(position, position + this.pieceBytes);
        position += part.length;
        yield part;
      }
      if (ended || !follow || signal.aborted) return;
      await Promise.race([changed, aborted]);
      if (cuts !== this.#cuts) throw new ClientConnectionError({ message: 'cut' });
    }
  }

  source: LogSource = {
    name: 'growing',
    wire: 'http',
    open: async ({ offset = 0, follow, signal }: LogSourceRequest) => {
      if (this.failOpen !== undefined) throw this.failOpen;
      if (this.failOpens-- > 0) throw new ClientConnectionError({ message: 'away for a moment' });
      if (offset > this.bytes.length) throw new StreamGapError({ message: 'shorter' });
      this.opened.push({ offset, follow });
      const bytes = this.#read(offset, follow, signal);
      return {
        connection: {
          status: 200,
          headers: {},
          closed: Promise.resolve({ clean: true }),
          [Symbol.asyncIterator]: () => bytes,
          close: () => undefined,
        },
        startsAt: offset,
        silence: 'transport' as const,
        end: () => this.end ?? { type: 'caughtUp' as const },
      };
    },
  };
}

async function follow(
  growing: GrowingLog,
  options: { start?: number; maxBytes?: number; totalBytes?: number; directory?: string } = {},
) {
  const parent = await mkdtemp(join(tmpdir(), 'raywire-test-spool-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const streams = new ByteStreams({
    api: {} as ApiClient,
    transport: {} as LogTransport,
    sources: [growing.source],
  });
  const { start = 0, maxBytes = 1024 ** 3, totalBytes = 1024 ** 3, directory } = options;
  const faults: Error[] = [];
  const folder = new SpoolFolder(directory ?? parent, totalBytes);
  const spool = new Spool({ folder, start, maxBytes, onFault: (error) => faults.push(error) });
  const state = async (): Promise<JobState> => {
    if (growing.failState !== undefined) throw growing.failState;
    return { ...running, identity: growing.identity };
  };
  const times = { giveUpAfterMs: 60_000, lingerMs: 10_000 };
  const log = new FollowedLog({ jobId: 'job', streams, spool, ...times, state });
  onTestFinished(() => log.close());
  return { log, parent, faults };
}

const changeOf = (log: FollowedLog): Promise<void> =>
  new Promise((resolve) => {
    const unwatch = log.watch(() => {
      unwatch();
      resolve();
    });
  });

async function textOf(log: FollowedLog, from = 0): Promise<string> {
  const parts: Uint8Array[] = [];
  for (let position = from; position < log.size; ) {
    const part = await log.read(position, 10);
    parts.push(part);
    position += part.length;
  }
  return Buffer.concat(parts).toString();
}

describe('a log followed on a cluster', () => {
  it('is ready at the present end, grows, and ends with the job', async () => {
    const growing = new GrowingLog();
    growing.grow('what was there before\n');
    const { log } = await follow(growing);
    await log.ready;
    expect(await textOf(log)).toBe('what was there before\n');
    const grown = changeOf(log);
    growing.grow('more\n');
    await grown;
    growing.finish();
    while (log.end === undefined) await changeOf(log);
    expect(await textOf(log)).toBe('what was there before\nmore\n');
    expect(log.end).toEqual({ status: 'SUCCEEDED', exitCode: 0, size: 27 });
    expect(await log.read(27, 10)).toHaveLength(0);
  });

  it('goes on at its byte when the connection is lost, and nobody sees it', async () => {
    const growing = new GrowingLog();
    growing.grow('one\n');
    const { log } = await follow(growing);
    await log.ready;
    while (!growing.opened.some((open) => open.follow)) await new Promise((resolve) => setImmediate(resolve));
    growing.breakConnections();
    growing.grow('two\n');
    growing.finish();
    while (log.end === undefined) await changeOf(log);
    expect(await textOf(log)).toBe('one\ntwo\n');
    expect(growing.opened.map(({ offset }) => offset)).toContain(4);
  });

  it('does not go on in the log of another job that was given the ID meanwhile', async () => {
    const growing = new GrowingLog();
    growing.identity = 'job@1';
    growing.grow('one\n');
    const { log } = await follow(growing);
    await log.ready;
    while (!growing.opened.some((open) => open.follow)) await new Promise((resolve) => setImmediate(resolve));
    growing.identity = 'job@2';
    growing.breakConnections();
    growing.grow('of another log\n');
    growing.finish();
    while (log.lingerMs > 0) await changeOf(log);
    expect(log.end).toBeUndefined();
    expect(await textOf(log)).toBe('one\n');
    await expect(log.read(4, 10)).rejects.toBeInstanceOf(StreamGapError);
  });

  it('is current until its ID belongs to another job, and while the cluster does not answer', async () => {
    const growing = new GrowingLog();
    growing.identity = 'job@1';
    const { log } = await follow(growing);
    await log.ready;
    expect(await log.isCurrent()).toBe(true);
    growing.failState = new ClientConnectionError({ message: 'no route' });
    expect(await log.isCurrent()).toBe(true);
    growing.failState = new NotFoundError({ message: 'Job job does not exist' });
    await expect(log.isCurrent()).rejects.toThrow('does not exist');
    growing.failState = undefined;
    growing.identity = 'job@2';
    expect(await log.isCurrent()).toBe(false);
  });

  it('reads from the cluster again what the spool never had', async () => {
    const growing = new GrowingLog();
    growing.grow('0123456789abcdef');
    const { log } = await follow(growing, { start: 10 });
    await log.ready;
    expect(await textOf(log)).toBe('0123456789abcdef');
    expect(growing.opened).toContainEqual({ offset: 0, follow: false });
  });

  it('tells its readers when the log is gone for good, and is not current then', async () => {
    const growing = new GrowingLog();
    growing.failOpen = new NotFoundError({ message: 'Job job does not exist' });
    const { log } = await follow(growing);
    await expect(log.ready).rejects.toThrow('does not exist');
    await expect(log.read(0, 10)).rejects.toThrow('does not exist');
    expect(await log.isCurrent()).toBe(false);
    expect(log.lingerMs).toBe(0);
  });

  it('is read from its beginning when its first reader wanted to go on behind its end', async () => {
    const growing = new GrowingLog();
    growing.grow('short\n');
    growing.finish();
    const { log } = await follow(growing, { start: 500 });
    expect(log.size).toBe(0);
    await log.ready;
    expect(log.size).toBe(6);
    expect(await textOf(log)).toBe('short\n');
    expect(log.end).toMatchObject({ size: 6 });
  });

  it('is not ready when the gateway closes first', async () => {
    const growing = new GrowingLog();
    growing.failOpen = new ClientConnectionError({ message: 'no route' });
    const { log } = await follow(growing);
    await log.close();
    await expect(log.ready).rejects.toMatchObject({ statusCode: 503 });
  });
});

describe('a log whose spool fails', () => {
  /** A folder that cannot be one. */
  async function noFolder(): Promise<string> {
    const parent = await mkdtemp(join(tmpdir(), 'raywire-test-spool-'));
    onTestFinished(() => rm(parent, { recursive: true, force: true }));
    const path = join(parent, 'file');
    await writeFile(path, '');
    return path;
  }

  it('is served from the cluster, and its owner is told once', async () => {
    const growing = new GrowingLog();
    growing.grow('0123456789abcdef');
    growing.finish();
    const { log, faults } = await follow(growing, { directory: await noFolder() });
    await log.ready;
    expect(await textOf(log)).toBe('0123456789abcdef');
    expect(log.end).toMatchObject({ size: 16 });
    expect(await log.isCurrent()).toBe(true);
    expect(log.lingerMs).toBe(0);
    expect(faults.map(({ message }) => message)).toEqual([expect.stringMatching(/EEXIST|ENOTDIR/)]);
  });

  it('holds its last bytes in memory, so that readers who keep up cost the cluster nothing', async () => {
    const growing = new GrowingLog();
    growing.grow('one\n');
    const { log } = await follow(growing, { directory: await noFolder() });
    await log.ready;
    while (!growing.opened.some((open) => open.follow)) await new Promise((resolve) => setImmediate(resolve));
    const { length } = growing.opened;
    const grown = changeOf(log);
    growing.grow('two\n');
    await grown;
    expect(await textOf(log, 4)).toBe('two\n');
    expect(growing.opened).toHaveLength(length);
  });

  it('reads a long log in one stream of the cluster, however often it is asked, and waits for one that is away', async () => {
    const growing = new GrowingLog();
    const text = 'x'.repeat(1_500_000);
    growing.pieceBytes = 100_000;
    growing.grow(text);
    growing.finish();
    const { log } = await follow(growing, { directory: await noFolder() });
    await log.ready;
    growing.opened = [];
    growing.failOpens = 1;
    // As readers do before they begin.
    expect(await log.read(0, 1)).toHaveLength(1);
    let length = 0;
    while (length < 900_000) length += (await log.read(length, 30_000)).length;
    expect(length).toBeGreaterThanOrEqual(900_000);
    expect(growing.opened).toEqual([{ offset: 0, follow: false }]);
  });

  it('says what failed when the cluster has lost the log, too', async () => {
    const growing = new GrowingLog();
    growing.pieceBytes = 1024 * 1024;
    growing.grow('x'.repeat(2 * 1024 * 1024));
    growing.finish();
    const { log } = await follow(growing, { directory: await noFolder() });
    await log.ready;
    growing.failOpen = new NotFoundError({ message: 'The file is gone.' });
    await expect(log.read(0, 10)).rejects.toMatchObject({
      statusCode: 507,
      message: expect.stringMatching(/^Byte 0 .*could not be spooled.*The file is gone\.$/),
    });
  });
});
