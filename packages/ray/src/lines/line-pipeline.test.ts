import type { TailCursor } from '@raywire/core';
import { StreamGapError } from '@raywire/core';
import { StreamLimits } from '@raywire/network';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteDecoder } from '../source/byte-decoder.js';
import { collapseCarriageReturns } from './carriage-return.js';
import { DeliveryLimits } from './delivery-limits.js';
import { LinePipeline, type ResumePlace } from './line-pipeline.js';
import type { LineView } from './shown-line.js';

const unlimited = StreamLimits.unlimited();
const COLLAPSED: LineView = { carriageReturn: 'collapse', ansi: 'keep' };

/** A log with everything that logs have: empty lines, multi-byte text, `\r\n`, progress bars, escape sequences, bytes that are no UTF-8. */
const logBytes: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constant(new TextEncoder().encode('\n')) },
      fc.constant(new TextEncoder().encode('\r')),
      fc.constant(new TextEncoder().encode('\r\n')),
      fc
        .constantFrom('\b', '\u001b[K', '\u001b[31m', '\u001b[A')
        .map((text) => new TextEncoder().encode(text)),
      fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => new TextEncoder().encode(text)),
      fc.uint8Array({ maxLength: 3 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

/** What must come out, computed the slow way from the whole log. */
function expectedLines(log: Uint8Array): string[] {
  const lines = new TextDecoder('utf-8', { ignoreBOM: true }).decode(log).split('\n');
  const rest = lines.pop() as string;
  const whole = rest === '' ? lines : [...lines, rest];
  return whole.map((line) => collapseCarriageReturns(line.endsWith('\r') ? line.slice(0, -1) : line));
}

function cut(log: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((place) => place % (log.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((start, index) => log.subarray(start, at[index]));
}

function newPipeline(cursor?: TailCursor, limits = unlimited, view = COLLAPSED): LinePipeline {
  return new LinePipeline({ limits: new DeliveryLimits(limits), view, cursor });
}

function cursorAt(place: ResumePlace | undefined): TailCursor {
  if (place === undefined) throw new Error('There is no place.');
  return { version: 1, jobId: 'job', identity: null, ...place };
}

/** Reads a log from `offset` on, in pieces, to its end. */
function* read(pipeline: LinePipeline, log: Uint8Array, offset: number, cuts: readonly number[]) {
  const decoder = new ByteDecoder(offset);
  for (const piece of cut(log.subarray(offset), cuts)) {
    const { batch } = pipeline.push(decoder.decode([piece]));
    if (batch !== undefined) yield batch;
  }
  const last = decoder.finish();
  for (const { batch } of [pipeline.push(last), pipeline.pushRest(last.rest)]) {
    if (batch !== undefined) yield batch;
  }
}

const cutsArbitrary = fc.array(fc.nat(200), { maxLength: 12 });

describe('the line pipeline', () => {
  it('gives the same lines however the bytes are cut', () => {
    fc.assert(
      fc.property(logBytes, cutsArbitrary, (log, cuts) => {
        const lines = [...read(newPipeline(), log, 0, cuts)].flatMap((batch) => batch.lines.slice());
        expect(lines).toEqual(expectedLines(log));
      }),
    );
  });

  it('collapses a line of bytes whose sequence comes in pieces, without a carriage return', () => {
    const log = new TextEncoder().encode('10%\u001b[2K\u001b[1Gdone\n|\b/\b-\n\u001b[31mred\u001b[0m\n');
    for (let at = 0; at < log.length; at++) {
      const lines = [...read(newPipeline(), log, 0, [at])].flatMap((batch) => batch.lines.slice());
      expect(lines).toEqual(['done', '-', '\u001b[31mred\u001b[0m']);
    }
  });

  it('strips sequences after it has collapsed, and counts what is left against the limits', () => {
    const view: LineView = { carriageReturn: 'collapse', ansi: 'strip' };
    const pipeline = newPipeline(undefined, new StreamLimits({ maxBytes: 10, maxMessageSize: 5 }), view);
    const lines = [
      '\u001b[1;31mred\u001b[0m',
      'long line\r\u001b[Kdone',
      '\u001b]8;;http://a\u0007abc\u001b]8;;\u0007',
      'd',
    ];
    const { batch, exceeded } = pipeline.push({ lines });
    expect(batch?.lines.slice()).toEqual(['red', 'done', 'abc']);
    expect(exceeded).toBe('maxBytes');
    // The position counts the log as it is.
    expect(pipeline.place?.position.bytes).toBe(
      new TextEncoder().encode(lines.slice(0, 3).join('\n')).length + 1,
    );
  });

  it('measures a line that grows when it is collapsed by what is delivered', () => {
    const text = new TextEncoder().encode('\t\t\tx\r\n\t\t\tx\ry\n');
    const pipeline = newPipeline(undefined, new StreamLimits({ maxMessageSize: 10, oversize: 'error' }));
    const step = pipeline.push({
      lines: ['\t\t\tx', '\t\t\tx\ry'],
      canonical: { bytes: text, withMoves: [1], longest: 7 },
    });
    expect(step.batch?.lines.slice()).toEqual(['\t\t\tx']);
    expect(step.exceeded).toBe('maxMessageSize');
  });

  it('resumes after any line, from the beginning or from the offset, and neither loses nor repeats', () => {
    fc.assert(
      fc.property(
        logBytes,
        cutsArbitrary,
        cutsArbitrary,
        fc.nat(),
        fc.boolean(),
        (log, cuts, again, stop, byOffset) => {
          const all = expectedLines(log);
          const taken: string[] = [];
          const first = newPipeline();
          const count = all.length === 0 ? 0 : stop % (all.length + 1);
          let cursor = cursorAt(first.place);
          for (const batch of read(first, log, 0, cuts)) {
            const wanted = Math.min(batch.lines.length, count - taken.length);
            taken.push(...batch.lines.slice(0, wanted));
            cursor = cursorAt(first.readerPlace({ batch, count: wanted }));
            if (taken.length === count) break;
          }
          const saved = JSON.parse(JSON.stringify(cursor)) as TailCursor;
          const second = newPipeline(saved);
          const offset = byOffset ? (saved.checkpoint?.offset ?? 0) : 0;
          second.begin(byOffset && saved.checkpoint !== null ? 'offset' : 'beginning');
          const rest = [...read(second, log, offset, again)].flatMap((batch) => batch.lines.slice());
          expect([...taken, ...rest]).toEqual(all);
          expect(second.skipping).toBe(false);
        },
      ),
    );
  });

  it('knows a cursor by lines as it knows it at the end of the batch', () => {
    fc.assert(
      fc.property(logBytes, (log) => {
        const pipeline = newPipeline();
        for (const batch of read(pipeline, log, 0, [])) {
          for (let count = 0; count <= batch.lines.length; count++) {
            const stepwise = pipeline.readerPlace({ batch, count });
            // A copy is walked from its start, and counts as an older batch.
            const copy = { ...batch, reached: { count: 0, position: batch.start } };
            const atOnce = pipeline.readerPlace({ batch: copy, count });
            if (count > 0) expect(stepwise?.position).toEqual(atOnce?.position);
          }
        }
      }),
    );
  });

  it('takes no offset for a place within a line that another source had cut at a return', () => {
    const log = new TextEncoder().encode(`a\r${'b'.repeat(70_000)}\nend\n`);
    const first = newPipeline();
    first.push({ lines: ['a'] });
    const second = newPipeline(cursorAt(first.place));
    second.begin('beginning');
    // So much of a line is let go of by the decoder, whose offset is that of the line's beginning.
    const decoder = new ByteDecoder(0);
    for (const piece of cut(log.subarray(0, 69_001), [69_000])) second.push(decoder.decode([piece]));
    expect(second.checkpoint).toBeNull();
    expect(second.push(decoder.decode([log.subarray(69_001)])).batch?.lines.slice()).toEqual([
      'b'.repeat(70_000),
      'end',
    ]);
  });

  it('calls a log that was replaced a gap, even one of the same length', () => {
    const log = new TextEncoder().encode('one\ntwo\nthree\n');
    const first = newPipeline();
    const [batch] = [...read(first, log, 0, [])];
    const cursor = cursorAt(first.readerPlace({ batch: batch as never, count: 2 }));
    const second = newPipeline(cursor);
    second.begin('beginning');
    expect(() => [...read(second, new TextEncoder().encode('one\ntwO\nthree\n'), 0, [])]).toThrow(
      StreamGapError,
    );
  });

  it('resumes within a line that another source had cut at its carriage returns', () => {
    const whole = newPipeline();
    // Ray's WebSocket turns `\r` into `\n`: two lines there, one here.
    const { batch } = whole.push({ lines: ['10%'] });
    const cursor = cursorAt(whole.readerPlace({ batch: batch as never, count: 1 }));
    const second = newPipeline(cursor);
    second.begin('beginning');
    const lines = [...read(second, new TextEncoder().encode('10%\r20%\rdone\nnext\n'), 0, [])].flatMap((b) =>
      b.lines.slice(),
    );
    expect(lines).toEqual(['done', 'next']);
  });

  it('holds a progress bar of a day in the memory of one line', () => {
    const pipeline = newPipeline(undefined, new StreamLimits({ maxMessageSize: 100 }));
    const decoder = new ByteDecoder(0);
    const second = new TextEncoder().encode(
      Array.from({ length: 1000 }, (_, step) => `\r${step} of 1000`).join(''),
    );
    for (let repeat = 0; repeat < 200; repeat++) {
      const decoded = decoder.decode([second]);
      expect(pipeline.push(decoded)).toEqual({});
      expect(pipeline.shown(decoded.unfinished ?? '').length).toBeLessThan(20);
    }
    const { batch } = pipeline.push(decoder.decode([new TextEncoder().encode('\rfinished!!!!\n')]));
    expect(batch?.lines.slice()).toEqual(['finished!!!!']);
  });

  it('tells a line that is too long while it grows', () => {
    const pipeline = newPipeline(undefined, new StreamLimits({ maxMessageSize: 10 }));
    expect(pipeline.push({ lines: ['short'], unfinished: '0123456789' }).exceeded).toBeUndefined();
    const step = pipeline.push({ lines: ['more'], unfinished: '0123456789x' });
    expect(step.batch?.lines.slice()).toEqual(['more']);
    expect(step.exceeded).toBe('maxMessageSize');
  });

  it.each([
    ['maxLines', new StreamLimits({ maxLines: 3 }), ['a', 'b', 'c']],
    ['maxMessages', new StreamLimits({ maxMessages: 3 }), ['a', 'b', 'c']],
    ['maxBytes', new StreamLimits({ maxBytes: 3 }), ['a', 'b', 'c']],
  ])('delivers exactly what %s allows, and then says so', (limit, limits, expected) => {
    const pipeline = newPipeline(undefined, limits);
    const first = pipeline.push({ lines: ['a', 'b'], messages: 'each' });
    const second = pipeline.push({ lines: ['c', 'd', 'e'], messages: 'each' });
    expect([first, second].flatMap((step) => step.batch?.lines.slice() ?? [])).toEqual(expected);
    expect(first.exceeded).toBeUndefined();
    expect(second.exceeded).toBe(limit);
    const position = pipeline.place?.position;
    expect(position).toMatchObject({ bytes: 6, lines: 3 });
  });

  it('counts messages of many lines, and not lines', () => {
    const pipeline = newPipeline(undefined, new StreamLimits({ maxMessages: 2 }));
    const step = pipeline.push({
      lines: ['a', 'b', 'c', 'd', 'e'],
      messages: { count: 3, starts: () => [0, 2, 4] },
    });
    expect(step.batch?.lines.slice()).toEqual(['a', 'b', 'c', 'd']);
    expect(step.exceeded).toBe('maxMessages');
  });

  it('truncates with a visible mark where asked to', () => {
    const pipeline = newPipeline(undefined, new StreamLimits({ maxMessageSize: 20, oversize: 'truncate' }));
    const { batch, exceeded } = pipeline.push({ lines: ['é'.repeat(50), 'next'] });
    expect(exceeded).toBeUndefined();
    expect(batch?.lines.slice()).toEqual([`${'é'.repeat(3)}…[truncated]`, 'next']);
    // The position counts the log as it is, not as it was shown.
    expect(pipeline.place?.position.bytes).toBe(106);
  });
});
