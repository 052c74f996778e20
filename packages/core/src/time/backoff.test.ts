import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoff } from './backoff.js';

test('the delay doubles up to its maximum, and between half and all of it is waited', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), (attempt) => {
      const whole = Math.min(250 * 2 ** Math.max(0, attempt - 1), 10_000);
      const delayMs = backoff({ initialDelayMs: 250, maxDelayMs: 10_000 }, attempt);
      expect(delayMs).toBeGreaterThanOrEqual(whole / 2);
      expect(delayMs).toBeLessThanOrEqual(whole);
    }),
  );
});
