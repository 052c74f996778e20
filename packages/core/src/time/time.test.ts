import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { backoff } from './backoff.js';
import { countdown } from './countdown.js';
import { Deadline } from './deadline.js';
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

describe('Deadline', () => {
  test('aborts its signal when the clock runs out, which can be set again and stopped', () => {
    const deadline = new Deadline(undefined);
    deadline.set(100, () => expect.unreachable());
    vi.advanceTimersByTime(99);
    deadline.set(100, () => expect.unreachable());
    vi.advanceTimersByTime(99);
    deadline.set(0, () => expect.unreachable());
    vi.advanceTimersByTime(1_000);
    deadline.set(100, () => expect.unreachable());
    deadline.clear();
    vi.advanceTimersByTime(1_000);
    deadline.set(100, late);
    vi.advanceTimersByTime(100);
    expect(deadline.signal.reason).toEqual(late());
  });

  test('follows the signal of the caller until it is released', () => {
    const caller = new AbortController();
    const followed = new Deadline(caller.signal);
    const released = new Deadline(caller.signal);
    followed.set(100, late);
    released.release();
    released.release();
    caller.abort('enough');
    expect(followed.signal.reason).toBe('enough');
    expect(released.signal.aborted).toBe(false);
    expect(() => new Deadline(caller.signal)).toThrow('enough');
  });

  test('starts no clock once it is over', () => {
    const aborted = new Deadline(undefined);
    aborted.abort('enough');
    aborted.set(100, late);
    const released = new Deadline(undefined);
    released.release();
    released.set(100, late);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('countdown gives the milliseconds that are left, and never less than 1', () => {
  const left = countdown(100);
  expect(left()).toBe(100);
  vi.advanceTimersByTime(30.5);
  expect(left()).toBe(70);
  vi.advanceTimersByTime(1_000);
  expect(left()).toBe(1);
});

test('backoff doubles up to its maximum, and waits between half and all of it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), (attempt) => {
      const whole = Math.min(250 * 2 ** Math.max(0, attempt - 1), 10_000);
      const delayMs = backoff({ initialDelayMs: 250, maxDelayMs: 10_000 }, attempt);
      expect(delayMs).toBeGreaterThanOrEqual(whole / 2);
      expect(delayMs).toBeLessThanOrEqual(whole);
    }),
  );
});
