import { expect, test } from 'vitest';
import { assertKnownOptions } from './assert-known-options.js';

test('a number in place of options that have a time-out is taken for the seconds of Python', () => {
  const check = (): void => assertKnownOptions(60, ['signal', 'timeoutMs'], 'tailJobLogs');
  expect(check).toThrow('timeout is in seconds in Python; pass { timeoutMs: 60000 }.');
});

test('but not where there is no time-out', () => {
  const check = (): void => assertKnownOptions(5, ['maxLines'], 'StreamLimits');
  expect(check).toThrow(/^StreamLimits takes an object of options, but 5 was given\.$/);
});
