import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { countdown } from './countdown.js';
import { Deadline } from './deadline.js';

const late = (): Error => new Error('late');

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
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
