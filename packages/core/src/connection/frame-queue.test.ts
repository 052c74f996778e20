import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogFrame } from '../contracts/log-transport.js';
import { FrameQueue } from './frame-queue.js';

function queueOf(bound: number): {
  queue: FrameQueue;
  reader: AsyncIterator<LogFrame, undefined>;
  next(): Promise<IteratorResult<LogFrame, undefined>>;
  calls: string[];
} {
  const calls: string[] = [];
  const queue = new FrameQueue(bound, {
    full: () => calls.push('full'),
    drained: () => calls.push('drained'),
    starved: () => calls.push('starved'),
    fed: () => calls.push('fed'),
    left: () => calls.push('left'),
  });
  const reader = queue[Symbol.asyncIterator]();
  return { queue, reader, next: () => reader.next(), calls };
}

describe('FrameQueue', () => {
  test('gives every frame once and in order, however pushes, reads and takings alternate', async () => {
    const step = fc.constantFrom('push', 'next', 'take');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 200 }), fc.boolean(), async (steps, fails) => {
        const { queue, next } = queueOf(500);
        const received: LogFrame[] = [];
        let pushed = 0;
        for (const action of steps) {
          if (action === 'push') {
            queue.push(`${pushed}`);
            pushed += 1;
          } else if (action === 'take') {
            received.push(...queue.takeBuffered());
          } else if (pushed > received.length) {
            received.push((await next()).value ?? 'nothing');
          }
        }
        const broken = new Error('broken');
        queue.finish(fails ? { error: broken } : {});
        let ended: unknown;
        try {
          for (let result = await next(); result.done !== true; result = await next()) {
            received.push(result.value);
          }
        } catch (error) {
          ended = error;
        }
        expect(received).toEqual(Array.from({ length: pushed }, (_, index) => `${index}`));
        expect(ended).toBe(fails ? broken : undefined);
      }),
    );
  });

  test('counts each frame’s overhead, so that empty messages fill it too', () => {
    const { queue, calls } = queueOf(64 * 100);
    for (let count = 0; count < 100; count += 1) queue.push('');
    expect(calls).toEqual([]);
    queue.push('');
    expect(calls).toEqual(['full']);
  });

  test('asks for more once half of the bound is left, whichever way it is read', async () => {
    const { queue, next, calls } = queueOf(64 * 100);
    for (let count = 0; count < 101; count += 1) queue.push('');
    for (let count = 0; count < 50; count += 1) await next();
    expect(calls).toEqual(['full']);
    await next();
    expect(calls).toEqual(['full', 'drained']);
    for (let count = 0; count < 60; count += 1) queue.push('');
    queue.takeBuffered();
    expect(calls).toEqual(['full', 'drained', 'full', 'drained']);
  });

  test('reads thousands of frames one by one without copying them each time', async () => {
    const { queue, next } = queueOf(Number.POSITIVE_INFINITY);
    for (let count = 0; count < 5_000; count += 1) queue.push(`${count}`);
    for (let count = 0; count < 5_000; count += 1) expect((await next()).value).toBe(`${count}`);
  });

  test('takes nothing in after its end', async () => {
    const { queue, next } = queueOf(100);
    queue.finish();
    queue.push('late');
    expect(await next()).toEqual({ done: true, value: undefined });
  });

  test('throws its error once, and is at its end then', async () => {
    const { queue, next } = queueOf(100);
    const error = new Error('broken');
    const waiting = next();
    queue.finish({ error });
    await expect(waiting).rejects.toBe(error);
    expect(await next()).toEqual({ done: true, value: undefined });
  });

  test('reports that its reader waits, is fed, and leaves', async () => {
    const { queue, reader, calls } = queueOf(100);
    const waiting = reader.next();
    queue.push('one');
    await waiting;
    await reader.return?.();
    expect(calls).toEqual(['starved', 'fed', 'left']);
  });

  test('refuses a second read while one waits', async () => {
    const { queue, next } = queueOf(100);
    const first = next();
    await expect(next()).rejects.toThrow(/one reader/);
    queue.push('one');
    expect(await first).toEqual({ done: false, value: 'one' });
    expect(() => queue[Symbol.asyncIterator]()).toThrow(/one reader/);
  });
});
