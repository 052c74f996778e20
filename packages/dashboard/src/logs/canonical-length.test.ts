import fc from 'fast-check';
import { expect, it } from 'vitest';
import { measureCanonical, Utf8Counter } from './canonical-length.js';
import type { FileReader } from './followed-file.js';
import { offsetOfLastLinesInWhole } from './whole-file-reader.js';

const encoder = new TextEncoder();

/** A file that arrives in pieces. */
function fileOf(bytes: Uint8Array, cuts: readonly number[]): FileReader {
  return {
    async open(offset) {
      const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
      const pieces = [offset, ...places.filter((place) => place > offset)].map((from, index, all) =>
        bytes.subarray(from, all[index + 1]),
      );
      const frames = (async function* () {
        yield* pieces;
      })();
      return { frames, size: bytes.length, close: () => undefined };
    },
  };
}

const logs = fc
  .array(fc.constantFrom('\n', '\r', '\r\n', 'a', 'é', '🚀', 'word'), { maxLength: 30 })
  .map((parts) => parts.join(''));
const cuts = fc.array(fc.nat(200), { maxLength: 6 });

it('a log is measured as Ray decodes it, however it arrives', async () => {
  await fc.assert(
    fc.asyncProperty(logs, cuts, fc.nat(5), async (log, places, lines) => {
      const canonical = log.replaceAll(/\r\n?/g, '\n');
      const all = canonical.split(/(?<=\n)/).filter((line) => line !== '');
      const { total, beforeLastLines } = await measureCanonical(fileOf(encoder.encode(log), places), lines);
      expect(total).toBe(encoder.encode(canonical).length);
      const expected = lines === 0 ? all.filter((line) => line.endsWith('\n')) : all.slice(0, -lines);
      expect(beforeLastLines).toBe(encoder.encode(expected.join('')).length);
    }),
  );
});

it('the last lines of a file are found, however it arrives', async () => {
  await fc.assert(
    fc.asyncProperty(logs, cuts, fc.nat(5), async (log, places, lines) => {
      const all = log.split(/(?<=\n)/).filter((line) => line !== '');
      const offset = await offsetOfLastLinesInWhole(fileOf(encoder.encode(log), places), lines, 0);
      const expected = lines === 0 ? all.filter((line) => line.endsWith('\n')) : all.slice(0, -lines);
      expect(offset).toBe(encoder.encode(expected.join('')).length);
    }),
  );
});

it('a long text is counted as its bytes are, wherever a wide character stands', () => {
  const counter = new Utf8Counter();
  for (const start of ['', 'a', 'aé'])
    for (const character of ['a', 'é', '漢', '🚀']) {
      const text = start + character.repeat(150_000);
      expect(counter.count(text)).toBe(encoder.encode(text).length);
    }
});
