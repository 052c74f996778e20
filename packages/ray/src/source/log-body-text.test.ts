import { ServerError } from '@raywire/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { logBodyText } from './log-body-text.js';

const encode = (text: string) => new TextEncoder().encode(text);

function read(contentType: string, body: Uint8Array, pieces: number): string {
  const text = logBodyText(contentType);
  let result = '';
  for (let start = 0; start < body.length; start += pieces)
    result += text.push(body.subarray(start, start + pieces));
  return result + text.end();
}

it('unescapes a JSON string however it is cut', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      (log, pieces, ascii) => {
        const json = JSON.stringify(log);
        const escaped = json.replace(
          /[\u0080-\uffff]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
        expect(read('application/json', encode(ascii ? escaped : ` ${json}\n`), pieces)).toBe(log);
      },
    ),
  );
});

it('leaves text alone', () => {
  expect(read('text/plain; charset=utf-8', encode('"a"\n\\n é'), 1)).toBe('"a"\n\\n é');
});

it.each([
  '"never closed',
  '"ends in an escape \\',
  '{"logs": ""}',
  '"a" "b"',
  '"bad \\x escape"',
  '',
  '"raw \n newline"',
])('refuses %j, which is no JSON string', (body) => {
  expect(() => read('application/json', encode(body), 3)).toThrow(ServerError);
});
