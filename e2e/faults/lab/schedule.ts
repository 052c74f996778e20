import type { Treatment } from '@raywire/testing';
import * as fc from 'fast-check';
import type { Misbehaviour, StreamStyle } from './old-agent.js';

/** A log as random as logs are: repeated lines, empty ones, any character, progress bars, lines that look like events. */
export function anyLog(): fc.Arbitrary<string> {
  const line = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        'heartbeat',
        'epoch 1',
        '',
        'data: {"message": "x"}',
        '{"type": "complete"}',
      ),
    },
    // What moves a cursor over wide characters is tested against a real terminal, in packages/ray/src/lines.
    {
      weight: 4,
      arbitrary: fc
        .string({ unit: 'binary', maxLength: 40 })
        .map((text) => text.replaceAll(/[\b\r\u001b]/g, '⏎')),
    },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
    {
      weight: 2,
      arbitrary: fc
        .array(fc.constantFrom('10%', '5 ─', '\r', 'é', '\r\r'), { maxLength: 12 })
        .map((parts) => parts.join('')),
    },
    { weight: 1, arbitrary: fc.nat(3_000).map((length) => 'wörd 字 '.repeat(length / 7)) },
  );
  return fc
    .tuple(
      fc.array(
        line.map((text) => text.replaceAll('\n', '⏎')),
        { maxLength: 60 },
      ),
      fc.boolean(),
    )
    .map(([lines, isTerminated]) => lines.join('\n') + (isTerminated && lines.length > 0 ? '\n' : ''));
}

/** What befalls one connection on its way. */
export function anyTreatment(): fc.Arbitrary<Treatment> {
  const cut = fc.record({
    after: fc.oneof(fc.nat(400), fc.nat(8_000)),
    how: fc.constantFrom('fin', 'fin', 'reset', 'reset', 'silence'),
  });
  const pieces = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 });
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ cut }) },
    { weight: 3, arbitrary: fc.record({ cut, pieces }) },
    { weight: 2, arbitrary: fc.record({ pieces }) },
    { weight: 1, arbitrary: fc.record({ pieces: fc.constant([700]), delayMs: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.constant({ hold: true }) },
    { weight: 1, arbitrary: fc.constant({ dropUpgrade: true }) },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(200, 400, 403, 404, 426, 500, 502, 503)
        .map((status) => ({ answer: answerOf(status) })),
    },
  );
}

/** An answer of a proxy's own: a page of HTML. */
export function answerOf(status: number, body: string = '<html><h1>a proxy</h1></html>'): string {
  const head = `HTTP/1.1 ${status} Something\r\ncontent-type: text/html\r\ncontent-length: ${Buffer.byteLength(body)}`;
  return `${head}\r\nconnection: close\r\n\r\n${body}`;
}

/** What an old agent does wrong by itself. */
export function anyMisbehaviour(): fc.Arbitrary<Misbehaviour> {
  return fc.record({
    afterLines: fc.nat(60),
    how: fc.constantFrom<Misbehaviour['how'][]>(
      'end',
      'empty-message',
      'terminate',
      1000,
      1001,
      1008,
      1011,
      1012,
      1013,
      3000,
      4400,
      4999,
    ),
  });
}

export const STREAM_STYLES: readonly StreamStyle[] = ['event-stream', 'decorated', 'plain', 'unframed'];

/** One reader of a log: how it reads, and how it leaves. The last one of a row reads to the end. */
export interface Reader {
  by: 'lines' | 'batches' | 'stream';
  /** Waits after so many items: for the event loop, or for some milliseconds. */
  pauseEvery: number;
  pauseMs: number;
  /** Leaves after so many items. */
  take: number;
  leaveBy: 'break' | 'close' | 'abort' | 'abort later';
}

export function anyReader(): fc.Arbitrary<Reader> {
  return fc.record({
    by: fc.constantFrom('lines', 'batches', 'stream'),
    pauseEvery: fc.integer({ min: 1, max: 20 }),
    pauseMs: fc.constantFrom(-1, -1, 0, 1, 5),
    take: fc.integer({ min: 1, max: 30 }),
    leaveBy: fc.constantFrom('break', 'close', 'abort', 'abort later'),
  });
}
