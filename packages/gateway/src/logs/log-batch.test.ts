import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogEvent } from '../testing/gateway-harness.js';
import { LogBatch } from './log-batch.js';

test('any bytes give the same lines and offsets in one batch as line by line', () => {
  const format = { framing: 'none', ids: false } as const;
  const parse = (parts: readonly Buffer[]): LogEvent[] =>
    parts
      .flatMap((part) => part.toString().split('\n\n').slice(0, -1))
      .map((event) => JSON.parse(event.slice('data: '.length)) as LogEvent);
  const piece = fc.constantFrom(
    [0x0a],
    [0x0d],
    [0x0d, 0x0a],
    [0xc3, 0xa9],
    [0xff],
    [0xe2, 0x82],
    [0x61],
    [0xef, 0xbb, 0xbf],
  );
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 40 }), fc.nat(1_000), (pieces, start) => {
      const bytes = Buffer.from(pieces.flat());
      const lines = parse(new LogBatch(start, bytes).encode({ ...format, lines: 'each' }));
      const [whole] = parse(new LogBatch(start, bytes).encode({ ...format, lines: 'batch' }));
      expect(lines.map(({ message }) => `${message}\n`).join('')).toBe(whole?.message);
      expect(lines.at(-1)?.offset).toBe(start + bytes.length);
      let from = 0;
      for (const { message, offset } of lines) {
        const line = bytes
          .subarray(from, (offset ?? 0) - start)
          .toString()
          .replace(/\r?\n$/, '');
        expect(message).toBe(line);
        from = (offset ?? 0) - start;
      }
    }),
  );
});
