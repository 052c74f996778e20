import type { LogFrame } from '@raywire/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameQueue } from './frame-queue.js';

function queueOf(bound: number): { queue: FrameQueue; calls: string[] } {
  const calls: string[] = [];
  const queue = new FrameQueue(bound, {
    full: () => calls.push('full'),
    drained: () => calls.push('drained'),
    starved: () => calls.push('starved'),
  });
  return { queue, calls };
}

describe('FrameQueue', () => {
  test('gives every frame once and in order, however pushes, reads and takings alternate', async () => {
    const step = fc.constantFrom('push', 'next', 'take');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 200 }), fc.boolean(), async (steps, fails) => {
        const { queue } = queueOf(500);
        const received: LogFrame[] = [];
        let pushed = 0;
        for (const action of steps) {
          if (action === 'push') {
            queue.push(`${pushed}`);
            pushed += 1;
          } else if (action === 'take') {
            received.push(...queue.takeBuffered());
          } else if (pushed > received.length) {
            received.push((await queue.next()).value ?? 'nothing');
          }
        }
        const broken = new Error('broken');
        if (fails) queue.fail(broken);
        else queue.end();
        let ended: unknown;
        try {
          for (let result = await queue.next(); result.done !== true; result = await queue.next()) {
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
    const { queue, calls } = queueOf(64 * 100);
    for (let count = 0; count < 101; count += 1) queue.push('');
    for (let count = 0; count < 50; count += 1) await queue.next();
    expect(calls).toEqual(['full']);
    await queue.next();
    expect(calls).toEqual(['full', 'drained']);
    for (let count = 0; count < 60; count += 1) queue.push('');
    queue.takeBuffered();
    expect(calls).toEqual(['full', 'drained', 'full', 'drained']);
  });

  test('reads thousands of frames one by one without copying them each time', async () => {
    const { queue } = queueOf(Number.POSITIVE_INFINITY);
    for (let count = 0; count < 5_000; count += 1) queue.push(`${count}`);
    for (let count = 0; count < 5_000; count += 1) expect((await queue.next()).value).toBe(`${count}`);
  });

  test('takes nothing in after its end', async () => {
    const { queue } = queueOf(100);
    queue.end();
    queue.push('late');
    expect(await queue.next()).toEqual({ done: true, value: undefined });
  });

  test('refuses a second read while one waits', async () => {
    const { queue } = queueOf(100);
    const first = queue.next();
    await expect(queue.next()).rejects.toThrow(/one reader/);
    queue.push('one');
    expect(await first).toEqual({ done: false, value: 'one' });
  });
});
