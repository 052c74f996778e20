import { Utf8 } from '@raywire/ray/internal';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { measureCanonical } from './canonical-length.js';
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

/** An unfinished line counts once its writer has ended; before, it comes on top. */
function bytesBeforeLastLines(log: string, lines: number, hasEnded: boolean): number {
  const all = log.split(/(?<=\n)/).filter((line) => line !== '');
  const isOnTop = !hasEnded && all.length > 0 && !all.at(-1)?.endsWith('\n');
  const count = Math.max(0, all.length - lines - (isOnTop ? 1 : 0));
  return encoder.encode(all.slice(0, count).join('')).length;
}

const logs = fc
  .array(fc.constantFrom('\n', '\r', '\r\n', 'a', 'é', '🚀', 'word'), { maxLength: 30 })
  .map((parts) => parts.join(''));
const cuts = fc.array(fc.nat(200), { maxLength: 6 });

it('a log is measured as Ray decodes it, however it arrives', async () => {
  await fc.assert(
    fc.asyncProperty(logs, cuts, fc.nat(5), fc.boolean(), async (log, places, lines, hasEnded) => {
      const canonical = log.replaceAll(/\r\n?/g, '\n');
      const file = fileOf(encoder.encode(log), places);
      const { total, beforeLastLines } = await measureCanonical(file, lines, hasEnded);
      expect(total).toBe(encoder.encode(canonical).length);
      expect(beforeLastLines).toBe(bytesBeforeLastLines(canonical, lines, hasEnded));
    }),
  );
});

it('the last lines of a file are found, however it arrives', async () => {
  await fc.assert(
    fc.asyncProperty(logs, cuts, fc.nat(5), fc.boolean(), async (log, places, lines, hasEnded) => {
      const file = fileOf(encoder.encode(log), places);
      const offset = await offsetOfLastLinesInWhole(file, lines, { start: 0, hasEnded });
      expect(offset).toBe(bytesBeforeLastLines(log, lines, hasEnded));
    }),
  );
});

it('a long text is counted as its bytes are, wherever a wide character stands', () => {
  const counter = new Utf8();
  for (const start of ['', 'a', 'aé'])
    for (const character of ['a', 'é', '漢', '🚀']) {
      const text = start + character.repeat(150_000);
      expect(counter.length(text)).toBe(encoder.encode(text).length);
    }
});
