import { describe, expect, test } from 'vitest';
import type { JobLog, JobLogEnd } from '../contracts/job-log.js';
import type { LogBatch } from './log-batch.js';
import { type FeedWaiter, LogFeed } from './log-feed.js';

/** A log in memory, whose reads the test lets go one by one. */
class HeldLog implements JobLog {
  bytes = Buffer.alloc(0);
  end: JobLogEnd | undefined;
  readonly reads: { position: number; go: () => void }[] = [];
  readonly #listeners = new Set<() => void>();

  get size(): number {
    return this.bytes.length;
  }

  read(position: number, maxBytes: number): Promise<Uint8Array> {
    return new Promise((resolve) => {
      const go = () => resolve(this.bytes.subarray(position, position + maxBytes));
      this.reads.push({ position, go });
    });
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  append(text: string): void {
    this.bytes = Buffer.concat([this.bytes, Buffer.from(text)]);
    for (const listener of this.#listeners) listener();
  }

  async close(): Promise<void> {}
}

class Waiter implements FeedWaiter {
  readonly taken = Promise.withResolvers<LogBatch | undefined>();
  take(batch: LogBatch | undefined): void {
    this.taken.resolve(batch);
  }
  fail(error: unknown): void {
    this.taken.reject(error);
  }
  onPartial(): void {}
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const LINE = `${'x'.repeat(99)}\n`;

describe('a feed', () => {
  test('reads the next batch while the last one is on its way, and gives it without another read', async () => {
    const log = new HeldLog();
    log.append(LINE.repeat(2_000));
    const feed = new LogFeed(log);
    const first = new Waiter();
    expect(feed.next(0, first)).toBeUndefined();
    log.reads[0]?.go();
    const { end } = (await first.taken.promise) as LogBatch;
    expect(log.reads.map(({ position }) => position)).toEqual([0, end]);
    log.reads[1]?.go();
    await turn();
    expect(feed.next(end, new Waiter())?.start).toBe(end);
    await feed.close();
  });

  test('does not read ahead where less than a batch is there', async () => {
    const log = new HeldLog();
    log.append(LINE);
    const feed = new LogFeed(log);
    const waiter = new Waiter();
    feed.next(0, waiter);
    log.reads[0]?.go();
    expect((await waiter.taken.promise)?.end).toBe(LINE.length);
    expect(log.reads).toHaveLength(1);
    await feed.close();
  });

  test('whoever comes in any turn of a read ahead that finds no whole line gets the line, and no end', async () => {
    for (let turns = 0; turns < 12; turns += 1) {
      const log = new HeldLog();
      const long = 'y'.repeat(80_000);
      log.append(LINE + long);
      const feed = new LogFeed(log);
      const first = new Waiter();
      feed.next(0, first);
      // The first line, then the long one by reading ahead, to where nothing more is there.
      log.reads[0]?.go();
      await first.taken.promise;
      const answered = new Set([log.reads[0]]);
      const goOn = (): void => {
        for (const read of log.reads) {
          if (!answered.has(read)) read.go();
          answered.add(read);
        }
      };
      for (let passed = 0; passed < turns; passed += 1) {
        goOn();
        await Promise.resolve();
      }
      const second = new Waiter();
      expect(feed.next(LINE.length, second)).toBeUndefined();
      log.append('\n');
      let batch: LogBatch | undefined | 'waiting' = 'waiting';
      void second.taken.promise.then((taken) => {
        batch = taken;
      });
      while (batch === 'waiting') {
        goOn();
        await turn();
      }
      expect(batch).toMatchObject({ start: LINE.length, end: LINE.length + long.length + 1 });
      await feed.close();
    }
  });
});
