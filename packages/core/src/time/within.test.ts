import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { delay } from './delay.js';
import { within } from './within.js';

const never = new Promise<never>(() => undefined);
const late = (): Error => new Error('late');

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('within', () => {
  test('gives what the promise gives, or throws what it throws', async () => {
    const { signal } = new AbortController();
    expect(await within(Promise.resolve('value'), { signal, timeoutMs: 10, late })).toBe('value');
    await expect(within(Promise.reject('broken'), { timeoutMs: 10, late })).rejects.toBe('broken');
    expect(await within(Promise.resolve('value'), { signal })).toBe('value');
  });

  test('throws what `late` returns when the time is over, and ignores the promise from then on', async () => {
    let reject: (error: unknown) => void = () => undefined;
    const slow = new Promise<never>((_resolve, fail) => {
      reject = fail;
    });
    const waiting = within(slow, { timeoutMs: 100, late });
    vi.advanceTimersByTime(99);
    const outcome = expect(waiting).rejects.toThrow('late');
    vi.advanceTimersByTime(1);
    await outcome;
    reject(new Error('later still'));
  });

  test('throws the reason of an abort, before and while it waits', async () => {
    const signal = AbortSignal.abort('early');
    await expect(within(never, { signal, timeoutMs: 10, late })).rejects.toBe('early');
    const controller = new AbortController();
    const waiting = within(never, { signal: controller.signal, timeoutMs: 10, late });
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
  });
});

describe('delay', () => {
  test('waits that many milliseconds', async () => {
    let isOver = false;
    const waiting = delay(100, new AbortController().signal).then(() => {
      isOver = true;
    });
    await vi.advanceTimersByTimeAsync(99);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await waiting;
  });

  test('throws the reason of an abort, before and while it waits', async () => {
    await expect(delay(100, AbortSignal.abort('early'))).rejects.toBe('early');
    const controller = new AbortController();
    const waiting = delay(100, controller.signal);
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
  });
});
