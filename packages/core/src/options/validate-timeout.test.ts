import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { validateTimeout } from './validate-timeout.js';

test.each([0.5, 1, 30_000, 300_000])('%d ms is a time-out', (value) => {
  expect(validateTimeout(value)).toBe(value);
});

test.each([
  [0, 'timeoutMs must be a number of milliseconds above 0 and at most 300000, but it is 0.'],
  [-1, /but it is -1\./],
  [Number.NaN, /but it is NaN\./],
  [Number.POSITIVE_INFINITY, /but it is Infinity\./],
  [300_001, /but it is 300001\./],
  ['5', /but it is "5"\. Pass a number of milliseconds, such as timeoutMs: 5000\./],
  ['30000', /such as timeoutMs: 30000\./],
  [undefined, /but it is undefined\./],
  [null, /but it is null\./],
  [{}, /but it is an object\./],
  [5n, /but it is 5n\./],
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
