import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StreamGapError } from '@raywire/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findFirstLine } from '../logs/first-line.js';
import { LineAssembler } from '../logs/line-assembler.js';
import { makeDirectory } from '../testing/gateway-harness.js';
import { createDroppedRecord } from './dropped-record.js';
import { punchHole } from './hole.js';
import { LogFile } from './log-file.js';

const BLOCK = 4_096;

/** A log of which everything that was ever written is known. */
class KnownLog {
  written = Buffer.alloc(0);
  dropped = 0;
  readonly files: { log: string; dropped: string };

  constructor(directory: string) {
    this.files = { log: join(directory, 'x.log'), dropped: join(directory, 'x.dropped') };
    writeFileSync(this.files.log, '');
    createDroppedRecord(this.files.dropped);
  }

  append(bytes: Buffer): void {
    appendFileSync(this.files.log, bytes);
    this.written = Buffer.concat([this.written, bytes]);
  }

  /** As the keeper does it. */
  drop(part: number): void {
    const next = Math.floor((this.written.length * part) / BLOCK) * BLOCK;
    if (next <= this.dropped) return;
    const number = String(next).padStart(20, '0');
    writeFileSync(this.files.dropped, `${number} ${number}\n`, { flag: 'r+' });
    const command = punchHole(String(this.dropped), String(next - this.dropped), '"$1"');
    execFileSync('/bin/sh', ['-c', command, 'drop', this.files.log]);
    this.dropped = next;
  }

  isLineStart(offset: number): boolean {
    return offset === 0 || this.written[offset - 1] === 0x0a;
  }
}

const lines = fc
  .array(
    fc.oneof(
      fc.constantFrom('', 'the same', '\0\0', '\0'),
      fc.integer({ min: 1, max: 9_000 }).map((length) => 'x'.repeat(length)),
    ),
    { minLength: 1, maxLength: 20, size: 'max' },
  )
  .map((texts) => Buffer.from(texts.map((text) => `${text}\n`).join('')));

const step = fc.oneof(
  { weight: 3, arbitrary: lines.map((bytes) => ({ do: 'append' as const, bytes })) },
  {
    weight: 2,
    arbitrary: fc.double({ min: 0, max: 1, noNaN: true }).map((part) => ({ do: 'drop' as const, part })),
  },
  { weight: 5, arbitrary: fc.nat(2).map((reader) => ({ do: 'read' as const, reader })) },
);

test.runIf(process.platform === 'linux')(
  'whenever lines are dropped, every reader gets whole lines, each once and in order, or is told a gap',
  async () => {
    let gaps = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40, size: 'max' }), async (steps) => {
        const known = new KnownLog(await makeDirectory());
        const ended = Promise.withResolvers<{ status: 'SUCCEEDED'; exitCode: number }>();
        const log = await LogFile.open(known.files, ended.promise);
        const places: (number | undefined)[] = [undefined, undefined, undefined];
        const readOn = async (reader: number): Promise<boolean> => {
          // As for a new reader of a log that others read already.
          if (places[reader] === undefined) await log.isCurrent();
          const place = places[reader] ?? (await findFirstLine(log));
          expect(known.isLineStart(place)).toBe(true);
          if (places[reader] === undefined) expect(place).toBeGreaterThanOrEqual(known.dropped);
          try {
            const batch = await new LineAssembler(log, place).pull();
            places[reader] = batch?.end ?? place;
            if (batch === undefined) return false;
            expect(batch.start).toBe(place);
            expect(known.isLineStart(batch.end)).toBe(true);
            const [sent] = batch.encode({ framing: 'websocket', lines: 'bytes', ids: false });
            expect(sent?.subarray(-batch.byteLength).equals(known.written.subarray(place, batch.end))).toBe(
              true,
            );
            return true;
          } catch (error) {
            if (!StreamGapError.isInstance(error)) throw error;
            expect(place).toBeLessThan(known.dropped);
            gaps += 1;
            places[reader] = undefined;
            return true;
          }
        };
        for (const next of steps) {
          if (next.do === 'append') known.append(next.bytes);
          else if (next.do === 'drop') known.drop(next.part);
          else await readOn(next.reader);
        }
        ended.resolve({ status: 'SUCCEEDED', exitCode: 0 });
        await ended.promise;
        for (const reader of places.keys()) {
          while (await readOn(reader));
          expect(places[reader]).toBe(known.written.length);
        }
        await log.close();
      }),
      { numRuns: 150 },
    );
    // Else nothing of this was tried.
    expect(gaps).toBeGreaterThan(0);
  },
  60_000,
);
