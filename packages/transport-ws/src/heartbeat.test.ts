import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Heartbeat } from './heartbeat.js';

describe('Heartbeat', () => {
  let calls: string[];
  let waiting: boolean;
  let received: number;
  let heartbeat: Heartbeat;

  beforeEach(() => {
    vi.useFakeTimers();
    calls = [];
    waiting = true;
    received = 0;
    heartbeat = new Heartbeat({
      intervalMs: 20_000,
      timeoutMs: 45_000,
      waiting: () => waiting,
      received: () => received,
      probe: () => calls.push('probe'),
      dead: () => calls.push('dead'),
    });
    heartbeat.restart();
  });

  afterEach(() => {
    heartbeat.stop();
    vi.useRealTimers();
  });

  test('probes after each interval of silence, and is dead after the time-out', () => {
    vi.advanceTimersByTime(19_999);
    expect(calls).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(calls).toEqual(['probe']);
    vi.advanceTimersByTime(20_000);
    expect(calls).toEqual(['probe', 'probe']);
    vi.advanceTimersByTime(4_999);
    expect(calls).toEqual(['probe', 'probe']);
    vi.advanceTimersByTime(10);
    expect(calls).toEqual(['probe', 'probe', 'dead']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('counts the silence anew from whatever comes', () => {
    vi.advanceTimersByTime(30_000);
    heartbeat.restart();
    vi.advanceTimersByTime(44_000);
    expect(calls).toEqual(['probe', 'probe', 'probe']);
  });

  test('takes the bytes of a message that is still coming for a sign of life', () => {
    for (let second = 0; second < 120; second += 1) {
      received += 1;
      vi.advanceTimersByTime(1_000);
    }
    expect(calls).toEqual([]);
  });

  test('measures nothing, and keeps no timer, while nobody reads', () => {
    waiting = false;
    vi.advanceTimersByTime(600_000);
    expect(calls).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    heartbeat.restart();
    expect(vi.getTimerCount()).toBe(0);
    waiting = true;
    heartbeat.restart();
    vi.advanceTimersByTime(20_000);
    expect(calls).toEqual(['probe']);
  });

  test('asks before it judges when the process was suspended', () => {
    vi.setSystemTime(Date.now() + 3_600_000);
    const { now } = performance;
    const jump = vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + 3_600_000);
    vi.advanceTimersByTime(20_000);
    expect(calls).toEqual(['probe']);
    vi.advanceTimersByTime(20_000);
    expect(calls).not.toContain('dead');
    jump.mockRestore();
  });

  test('looks once more before it judges: the answer may wait in the kernel', () => {
    vi.advanceTimersByTime(45_000);
    received += 10;
    vi.advanceTimersByTime(10);
    expect(calls).not.toContain('dead');
  });
});
