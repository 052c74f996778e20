import { InvalidArgumentError } from '@raywire/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StreamLimits, type StreamLimitsInit } from './stream-limits.js';

const MEBIBYTE = 1024 * 1024;

test('the defaults and the presets are those of the reference', () => {
  const defaults = { maxMessageSize: 10_240, queueSize: 1_000, oversize: 'error' };
  expect({ ...new StreamLimits() }).toEqual({
    ...defaults,
    maxMessages: 10_000,
    maxLines: 50_000,
    maxBytes: 50 * MEBIBYTE,
  });
  expect({ ...StreamLimits.production() }).toEqual({
    ...defaults,
    maxMessages: 50_000,
    maxLines: 100_000,
    maxBytes: 200 * MEBIBYTE,
  });
  expect({ ...StreamLimits.development() }).toEqual({
    ...defaults,
    maxMessages: 1_000,
    maxLines: 5_000,
    maxBytes: 10 * MEBIBYTE,
  });
  const off = Number.POSITIVE_INFINITY;
  expect({ ...StreamLimits.unlimited() }).toEqual({
    ...defaults,
    maxMessages: off,
    maxLines: off,
    maxBytes: off,
    maxMessageSize: off,
  });
});

test.each(['maxMessages', 'maxLines', 'maxBytes', 'maxMessageSize', 'queueSize'])(
  '%s is a whole number above 0',
  (name) => {
    expect(new StreamLimits({ [name]: 7 })).toMatchObject({ [name]: 7 });
    for (const bad of [0, -1, 1.5, Number.NaN, '5', null, {}, 5n]) {
      const make = (): unknown => new StreamLimits({ [name]: bad } as StreamLimitsInit);
      expect(make).toThrow(InvalidArgumentError);
      expect(make).toThrow(new RegExp(`^new StreamLimits: ${name} must be a whole number above 0`));
    }
  },
);

test('the four limits can be off, the queue cannot', () => {
  const off = Number.POSITIVE_INFINITY;
  expect(new StreamLimits({ maxBytes: off }).maxBytes).toBe(off);
  expect(() => new StreamLimits({ queueSize: off })).toThrow(/queueSize must be .* but is Infinity/);
});

test.each([
  [{ max_lines: 5 }, /"max_lines": it is called maxLines here/],
  [{ maxlines: 5 }, /maxLines/],
  [{ lines: 5 }, /"lines": it takes maxMessages, maxLines/],
  [{ oversize: 'skip' }, /oversize must be 'error' or 'truncate', but is "skip"/],
  [5, /object of options/],
  [null, /object of options/],
])('%j is refused by name', (init, message) => {
  expect(() => new StreamLimits(init as StreamLimitsInit)).toThrow(message);
});

test('from takes limits as they are, makes them of options, and defaults of nothing', () => {
  const limits = StreamLimits.development();
  expect(StreamLimits.from(limits)).toBe(limits);
  expect(StreamLimits.from({ maxLines: 5, oversize: 'truncate' })).toMatchObject({
    maxLines: 5,
    oversize: 'truncate',
  });
  expect(StreamLimits.from(undefined)).toEqual(new StreamLimits());
  expect(new StreamLimits({ ...limits, maxLines: 6 })).toMatchObject({ maxMessages: 1_000, maxLines: 6 });
});

test('any value is either taken as it is or refused by an error of status 400', () => {
  fc.assert(
    fc.property(fc.anything(), (maxLines) => {
      try {
        expect(new StreamLimits({ maxLines } as StreamLimitsInit).maxLines).toBe(maxLines ?? 50_000);
      } catch (error) {
        expect(error).toMatchObject({ statusCode: 400, code: 'INVALID_ARGUMENT' });
      }
    }),
  );
});
