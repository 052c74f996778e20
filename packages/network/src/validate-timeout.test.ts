import { InvalidArgumentError } from '@raywire/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { validateTimeout } from './validate-timeout.js';

test.each([0.5, 1, 30_000, 300_000])('%d ms is a time-out', (value) => {
  expect(validateTimeout(value)).toBe(value);
});

test.each([
  [0, 'timeoutMs must be a number of milliseconds above 0 and at most 300000, but is 0.'],
  [-1, /but is -1\./],
  [Number.NaN, /but is NaN\./],
  [Number.POSITIVE_INFINITY, /but is Infinity\./],
  [300_001, /but is 300001\./],
  ['5', /but is "5"\. Pass a number of milliseconds, such as timeoutMs: 5000\./],
  ['30000', /such as timeoutMs: 30000\./],
  [undefined, /but is undefined\./],
  [null, /but is null\./],
  [{}, /but is an object\./],
  [5n, /but is 5n\./],
])('%s is none, and the message says what to pass', (value, message) => {
  const check = (): unknown => validateTimeout(value);
  expect(check).toThrow(InvalidArgumentError);
  expect(check).toThrow(message);
});

test('the option is named', () => {
  expect(() => validateTimeout(0, 'connectTimeoutMs')).toThrow(/^connectTimeoutMs must/);
});

test('anything is either a time-out or refused by an error of status 400', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      try {
        const checked = validateTimeout(value);
        expect(checked > 0 && checked <= 300_000).toBe(true);
      } catch (error) {
        expect(error).toMatchObject({ statusCode: 400, code: 'INVALID_ARGUMENT' });
      }
    }),
  );
});
