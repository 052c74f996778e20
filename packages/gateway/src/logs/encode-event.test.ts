import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeEvent, encodeLines } from './encode-event.js';

const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('\n', 'plain\n', '"', '\\', '\t', '\u001b[0m', '\u2028', '\u007f'),
    ),
  )
  .map((parts) => parts.join(''));

test('lines are encoded as JSON.stringify does it, in every framing', () => {
  fc.assert(
    fc.property(text, fc.nat(), fc.boolean(), (message, offset, ids) => {
      for (const framing of ['websocket', 'chunk', 'none'] as const) {
        const format = { framing, lines: 'batch' as const, ids: ids && framing !== 'websocket' };
        expect(encodeLines(message, offset, format)).toEqual(
          encodeEvent({ type: 'log', message, offset }, format),
        );
      }
    }),
  );
});

test('a frame tells its length in one, three or nine bytes, and a chunk in hexadecimal digits', () => {
  for (const length of [0, 70, 100, 126, 65_000, 65_535, 65_536, 200_000]) {
    const message = 'x'.repeat(length);
    const json = JSON.stringify({ type: 'log', message });
    const frame = encodeEvent({ type: 'log', message }, { framing: 'websocket', lines: 'batch', ids: false });
    const headerBytes = json.length > 65_535 ? 10 : json.length > 125 ? 4 : 2;
    expect(frame[0]).toBe(0x81);
    expect(frame.subarray(headerBytes).toString()).toBe(json);
    const chunk = encodeEvent({ type: 'log', message }, { framing: 'chunk', lines: 'batch', ids: false });
    const event = `data: ${json}\n\n`;
    expect(chunk.toString()).toBe(`${event.length.toString(16)}\r\n${event}\r\n`);
  }
});
