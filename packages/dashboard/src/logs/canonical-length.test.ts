import { Utf8 } from '@raywire/ray/internal';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { measureCanonical } from './canonical-length.js';
import { FileFrames } from './file-frames.js';
import { lastLinesBackwards, lastLinesForwards } from './last-lines.js';
import type { LogFiles, OpenFile } from './log-files.js';
import { ReadFile } from './read-file.js';
import { RotatingReader } from './rotating-reader.js';

const encoder = new TextEncoder();
const { signal } = new AbortController();

/** A file that arrives in pieces. */
function filesOf(bytes: Uint8Array, cuts: readonly number[]): LogFiles {
  const open = async (start: number): Promise<OpenFile> => {
    const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
    const pieces = [start, ...places.filter((place) => place > start)].map((from, index, all) =>
      bytes.subarray(from, all[index + 1]),
    );
    const source = (async function* () {
      yield* pieces;
    })();
    return {
      frames: new FileFrames(source, 0, { signal, stalledAfterMs: 1_000 }),
      size: bytes.length,
      tag: '',
      close: () => undefined,
    };
  };
  return {
    open: (_age, start) => open(start),
    look: async (age) => (age === 0 ? { tag: '', size: bytes.length } : undefined),
    read: async (age, start, end) => (age === 0 && end <= bytes.length ? bytes.slice(start, end) : undefined),
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
      const files = filesOf(encoder.encode(log), places);
      const file = new RotatingReader(files, new ReadFile(0), { signal });
      const { total, beforeLastLines } = await measureCanonical(file, lines, hasEnded);
      expect(total).toBe(encoder.encode(canonical).length);
      expect(beforeLastLines).toBe(bytesBeforeLastLines(canonical, lines, hasEnded));
    }),
  );
});

it.each([
  ['forwards', lastLinesForwards],
  ['backwards', lastLinesBackwards],
] as const)('the last lines of a file are found %s, however it arrives', async (_how, lastLines) => {
  await fc.assert(
    fc.asyncProperty(logs, cuts, fc.nat(5), fc.boolean(), async (log, places, lines, hasEnded) => {
      const files = filesOf(encoder.encode(log), places);
      const { position } = await lastLines(files, lines, { start: 0, end: undefined, hasEnded }, signal);
      expect(position).toBe(bytesBeforeLastLines(log, lines, hasEnded));
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
