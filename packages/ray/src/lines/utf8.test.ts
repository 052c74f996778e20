import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Utf8 as BrowserUtf8 } from './utf8.browser.js';
import { Utf8 as NodeUtf8 } from './utf8.node.js';

test.each([
  ['Node', NodeUtf8],
  ['browsers', BrowserUtf8],
])('in %s texts and lines take the bytes that the encoding says, whatever came before', (_, Utf8) => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', 'ascii', 'é', '\ud800', '\ud83d\ude00'),
  );
  fc.assert(
    fc.property(fc.array(fc.array(text)), (batches) => {
      const utf8 = new Utf8();
      for (const lines of batches) {
        const whole = lines.map((line) => `${line}\n`).join('');
        const bytes = new TextEncoder().encode(whole);
        expect([...utf8.encodeLines(lines)]).toEqual([...bytes]);
        expect([...utf8.encode(whole)]).toEqual([...bytes]);
        expect(utf8.length(whole)).toBe(bytes.length);
      }
    }),
  );
});
