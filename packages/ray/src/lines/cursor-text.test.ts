import type { TailCursor } from '@raywire/core';
import type { LogPosition } from '@raywire/core/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor-text.js';
import { RollingHash } from './rolling-hash.js';

const count = fc.oneof(fc.nat(300), fc.nat(), fc.maxSafeNat());
const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

function positionOf(bytes: fc.Arbitrary<number>): fc.Arbitrary<LogPosition> {
  return fc
    .record({
      bytes,
      lines: count,
      lanes: fc.tuple(word, word, word, word),
      last: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    })
    .map(({ bytes, lines, lanes, last }) => {
      const pending = Array.from(last.subarray(0, bytes % 16), (byte) => byte.toString(16).padStart(2, '0'));
      return {
        bytes,
        lines,
        hash: `${lanes.map((lane) => lane.toString(36)).join('.')}.${pending.join('')}`,
      };
    });
}

const place = count.chain((bytes) =>
  fc.record({
    position: positionOf(fc.constant(bytes)),
    before: positionOf(fc.nat(Math.min(bytes, 2 ** 31))),
  }),
);
const anchor = fc.dictionary(
  fc.string({ maxLength: 12 }),
  fc.oneof(fc.integer(), fc.string({ unit: 'grapheme', maxLength: 50 })),
  { noNullPrototype: true, maxKeys: 9 },
);
const jobId = fc.oneof(
  fc.stringMatching(/^raysubmit_[a-zA-Z0-9]{16}$/),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }),
  fc.constantFrom('~', '~a', 'raysubmit_', 'raysubmit_~', 'a.b', '%7E', '%', '\ud800', 'ray submit/..'),
);
const cursor: fc.Arbitrary<TailCursor> = fc
  .record({
    jobId,
    place,
    startTime: count,
    identity: fc.oneof(fc.constant(null), fc.constant('start time'), fc.string({ unit: 'grapheme' })),
    checkpoint: fc.constantFrom('none', 'here', 'before'),
    offset: fc.option(count),
    anchor: fc.option(anchor),
    relative: fc.boolean(),
  })
  .map(
    ({ jobId, place: { position, before }, startTime, identity, checkpoint, offset, anchor, relative }) => {
      const at = checkpoint === 'here' ? { ...position } : before;
      return {
        version: 1,
        jobId,
        identity: identity === 'start time' ? `${jobId}@${startTime}` : identity,
        position,
        checkpoint:
          checkpoint === 'none'
            ? null
            : { offset: offset ?? at.bytes, position: at, ...(anchor && { anchor: { ...anchor } }) },
        relative: checkpoint !== 'none' && relative,
      };
    },
  );

function hashOf(text: string): LogPosition {
  const bytes = new TextEncoder().encode(text);
  const hash = new RollingHash();
  hash.update(bytes, bytes.length);
  return { bytes: bytes.length, hash: hash.state, lines: text.split('\n').length - 1 };
}

const real: TailCursor = {
  version: 1,
  jobId: 'raysubmit_abcdEFGH12345678',
  identity: 'raysubmit_abcdEFGH12345678@1764370000000',
  position: hashOf('epoch 1\nepoch 2\nepoch\n'),
  checkpoint: { offset: 8, position: hashOf('epoch 1\n') },
  relative: false,
};

describe('a cursor as text', () => {
  it('is the same cursor again, and safe in a URL, a header and an event stream', () => {
    fc.assert(
      fc.property(cursor, (given) => {
        const text = encodeCursor(given);
        expect(decodeCursor(text)).toEqual(given);
        expect(text).toMatch(/^[\w\-.~]+$/);
        expect(new URL(`http://host/?from=${text}`).searchParams.get('from')).toBe(text);
      }),
    );
  });

  it('has under 120 characters with the offset of a log on an agent, wherever its reader stands after a batch', () => {
    const agent = positionOf(fc.integer({ min: 1, max: 50 * 2 ** 20 })).map((position) => ({
      ...real,
      position: { ...position, lines: position.lines % 1_000_000 },
    }));
    fc.assert(
      fc.property(agent, fc.nat(10_000_000), (given, more) => {
        const { position } = given;
        const text = encodeCursor({
          ...given,
          checkpoint: { offset: position.bytes + more, position },
        });
        expect(text.length).toBeLessThan(100);
      }),
    );
    expect(encodeCursor(real).length).toBeLessThan(120);
  });

  it('is refused where a character was changed, lost or added', () => {
    const characters = fc.constantFrom(...'ABCabc012-_.~%= \n');
    fc.assert(
      fc.property(
        cursor,
        fc.nat(),
        fc.constantFrom(0, 1),
        fc.string({ unit: characters, maxLength: 1 }),
        (given, place, gone, put) => {
          const text = encodeCursor(given);
          const at = place % text.length;
          const changed = text.slice(0, at) + put + text.slice(at + gone);
          let decoded: TailCursor | undefined;
          try {
            decoded = decodeCursor(changed);
          } catch (error) {
            expect(error).toMatchObject({ code: 'INVALID_CURSOR', statusCode: 400 });
            return;
          }
          // It is the text of some other cursor, and of one only.
          expect(encodeCursor(decoded)).toBe(changed);
        },
      ),
    );
  });

  const text = encodeCursor(real);
  it.each([
    ['an empty text', '', /no such text/],
    ['a job ID', 'job', /no such text/],
    ['a text without bytes', 'job.', /ends too early/],
    ['one of a later form', 'job.gA', /unknown version/],
    ['one that was cut', text.slice(0, -12), /ends too early/],
    ['one without its ID', text.slice(text.indexOf('.')), /was changed/],
    ['a character of no alphabet', `${text}%`, /cannot be read/],
    ['padding', ` ${text}`, /was changed/],
    ['JSON', JSON.stringify(real), /cannot be read|no such text/],
    ['a long text', 'x'.repeat(100_000), /no such text/],
    ['a number', 42, /no such text/],
    ['nothing', undefined, /no such text/],
    ['a cursor', real, /no such text/],
  ])('says why it cannot be made of %s', (_, given, reason) => {
    expect(() => decodeCursor(given as string)).toThrow(
      expect.objectContaining({ code: 'INVALID_CURSOR', message: expect.stringMatching(reason) }),
    );
  });

  it.each([
    ['nothing', undefined, /not a cursor object/],
    ['another version', { ...real, version: 2 }, /unknown version/],
    ['an empty ID', { ...real, jobId: '' }, /no job ID/],
    ['an endless identity', { ...real, identity: 'x'.repeat(10_000) }, /too long/],
    [
      'a hash of other bytes',
      { ...real, position: { ...real.position, hash: '0.0.0.0.' } },
      /hash is not that of so many bytes/,
    ],
    [
      'no hash',
      { ...real, position: { ...real.position, hash: 'zzzzzzz.0.0.0.' } },
      /hash is not that of so many bytes/,
    ],
    [
      'a number that is none',
      { ...real, checkpoint: { ...real.checkpoint, anchor: { at: Number.NaN } } },
      /bad anchor/,
    ],
  ])('says why no text can be made of %s', (_, given, reason) => {
    expect(() => encodeCursor(given as TailCursor)).toThrow(
      expect.objectContaining({ code: 'INVALID_CURSOR', message: expect.stringMatching(reason) }),
    );
  });
});
