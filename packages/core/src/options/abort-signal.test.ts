import { expect, test } from 'vitest';
import { abortSignal } from './abort-signal.js';

/** As old polyfills are: no `reason`, no `throwIfAborted`, and of no class that we know. */
function polyfilled(): { signal: AbortSignal; listeners: (() => void)[]; abort(reason?: unknown): void } {
  const listeners: (() => void)[] = [];
  const signal = {
    aborted: false,
    addEventListener: (_: string, listener: () => void) => listeners.push(listener),
  };
  const abort = (reason?: unknown): void => {
    Object.assign(signal, { aborted: true, ...(reason !== undefined && { reason }) });
    for (const listener of listeners) listener();
  };
  return { signal: signal as unknown as AbortSignal, listeners, abort };
}

const check = (value: unknown): AbortSignal => abortSignal().check(value, 'listJobs: signal');

test('a signal of this realm is taken as it is', () => {
  const { signal } = new AbortController();
  expect(check(signal)).toBe(signal);
});

test('one of a polyfill or another realm is followed by one of this realm, with one listener for all calls', () => {
  const foreign = polyfilled();
  const signal = check(foreign.signal);
  expect(signal).toBeInstanceOf(AbortSignal);
  expect(check(foreign.signal)).toBe(signal);
  expect(foreign.listeners).toHaveLength(1);
  expect(AbortSignal.any([signal]).aborted).toBe(false);
  const reason = new Error('enough');
  foreign.abort(reason);
  expect(signal.reason).toBe(reason);
});

test('one that is aborted already, and has no reason, ends as an abort', () => {
  const foreign = polyfilled();
  foreign.abort();
  expect(() => check(foreign.signal).throwIfAborted()).toThrow(
    expect.objectContaining({ name: 'AbortError' }),
  );
});

test('one that cannot be written to is followed all the same', () => {
  const foreign = polyfilled();
  const signal = check(Object.freeze(foreign.signal));
  expect(signal.aborted).toBe(false);
});

test.each([
  ['now', 'listJobs: signal must be an AbortSignal, but is "now".'],
  [null, 'but is null.'],
  [{}, 'but is an object.'],
  [new AbortController(), 'but is an object. Pass its `signal`.'],
])('%s is none', (value, message) => {
  expect(() => check(value)).toThrow(message);
});
