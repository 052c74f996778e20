import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movesCursor } from '../source/cursor-moves.js';
import type { DecodedLines } from '../source/log-source.js';
import { eventRuns as runsFromStrings } from './event-runs.browser.js';
import { eventRuns as runsFromBytes } from './event-runs.node.js';
import { SseDecoder } from './sse-decoder.js';
import { WebSocketDecoder } from './websocket-decoder.js';

const encode = (text: string) => new TextEncoder().encode(text);

/** Every message is written in one of the ways in which servers write JSON. */
const spellings = [
  (message: string, offset: number) => JSON.stringify({ type: 'log', message, offset }),
  (message: string) => JSON.stringify({ message }),
  (message: string) => `{"type": "log", "message": ${JSON.stringify(message)}}`,
  (message: string, offset: number) =>
    `{"offset": ${offset}, "message": ${JSON.stringify(message)}, "extra": {"a": 1}}`,
  (message: string) => `  {"message":${JSON.stringify(message).replaceAll('/', '\\/')}}  `,
];

const event = fc.record({
  message: fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.constantFrom('', 'a\nb', 'a\n', '\n', 'with "quotes" and \\', '\t', 'data: x', '\u2028', '\ud800'),
    fc.constantFrom('10%\r20%', 'a\b', 'a\u001b[2Kb', '\u001b[31mred\u001b[0m', '\u001b[', '\u001b[1;31'),
  ),
  spelling: fc.nat(spellings.length - 1),
});

/** What a message means, computed the slow way. */
function linesOf(message: string): string[] {
  const lines = (message.endsWith('\n') ? message.slice(0, -1) : message).split('\n');
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

/** With the starts of its messages spelt out, and its text and bytes proven and left out: a decoder may have none. */
function plain({ text, canonical, messages, lines: list, ...rest }: DecodedLines) {
  const lines = list.slice();
  expect(lines.map((_, index) => list.at(index))).toEqual(lines);
  expect(list.at(lines.length)).toBeUndefined();
  const whole = lines.map((line) => `${line}\n`).join('');
  if (text !== undefined) expect(text).toBe(whole);
  if (canonical !== undefined) {
    expect(canonical.bytes).toEqual(encode(whole.replaceAll('\r', '\n')));
    const { withMoves = lines.keys(), longest = Number.POSITIVE_INFINITY } = canonical;
    const moves = lines.flatMap((line, index) => (movesCursor(line) ? index : []));
    expect([...withMoves].filter((index) => movesCursor(lines[index] as string))).toEqual(moves);
    for (const line of lines) expect(encode(line).length).toBeLessThan(longest);
  }
  const messageStarts = messages === 'each' ? lines.map((_, index) => index) : messages?.starts();
  return { ...rest, lines, messageStarts };
}

/** What a WebSocket's messages are when each of them comes alone. */
function oneByOne(payloads: readonly string[]) {
  const whole: ReturnType<typeof plain> = { lines: [], messageStarts: [] };
  const decoder = new WebSocketDecoder(false, runsFromStrings);
  for (const payload of payloads) {
    if (whole.end !== undefined) break;
    const { lines, messageStarts, ...rest } = plain(decoder.decode([payload]));
    if (messageStarts?.[0] !== undefined)
      whole.messageStarts = [...(whole.messageStarts ?? []), whole.lines.length];
    whole.lines.push(...lines);
    Object.assign(whole, rest);
  }
  return whole;
}

describe.each([
  ['reading runs of events from bytes', runsFromBytes],
  ['as in browsers', runsFromStrings],
])('the decoders of the agent protocol, %s,', (_, eventRuns) => {
  const decoder = (contentType = 'text/event-stream') =>
    new SseDecoder({ contentType, additions: false, maxFrameBytes: 8 * 1024 * 1024, eventRuns });

  it('read every spelling of an event alike, on both wires and however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 20 }),
        fc.array(fc.nat(2000), { maxLength: 8 }),
        (events, cuts) => {
          const payloads = events.map(
            ({ message, spelling }, index) => spellings[spelling]?.(message, index) as string,
          );
          const expected = events.flatMap(({ message }) => linesOf(message));
          const bytes = encode(payloads.map((payload) => `data: ${payload}\n\n`).join(''));
          const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
          const sse = decoder();
          const overHttp = [0, ...at].flatMap(
            (start, index) => plain(sse.decode([bytes.subarray(start, at[index])])).lines,
          );
          expect(overHttp).toEqual(expected);
          for (const frames of [payloads, payloads.map(encode)])
            expect(plain(new WebSocketDecoder(false, eventRuns).decode(frames)).lines).toEqual(expected);
        },
      ),
    );
  });

  it('point at the lines of a run that move the cursor, and not at those in colours', () => {
    const messages = [
      'plain',
      'a\rb',
      '\u001b[1;31mred\u001b[0m',
      'a\b',
      'é\u001b[2Kb',
      '\u001b[?25l',
      'end',
    ];
    const payloads = messages.map((message) => encode(JSON.stringify({ message })));
    const { lines, canonical } = new WebSocketDecoder(false, eventRuns).decode(payloads);
    expect(lines.slice()).toEqual(messages);
    if (canonical !== undefined) expect(canonical.withMoves).toEqual([1, 3, 4, 5]);
  });

  it('take a run of events for what each of them is, however its text reaches for the next', () => {
    const fragment = fc.constantFrom(
      'a',
      '"',
      ',',
      '\\',
      '\\n',
      '\\r',
      '\\u00e9',
      '\\u000d',
      '\\b',
      '\\u001b',
      '[2K',
      '\\u4F60',
      '\\ud83d\\ude00',
      '\\uD83d',
      '\\u00g1',
      '\t',
      '","',
      '"}',
      '"]',
      ' ',
      '{"message":"',
      'é',
    );
    const opening = fc.constantFrom(
      '{"type":"log","message":"',
      '{"message": "',
      '{"type":"error","message":"no',
    );
    const payload = fc.tuple(
      opening,
      fc.array(fragment, { maxLength: 4 }),
      fc.constantFrom('"}', '"}', '}', '\\"}', '","offset":7}'),
    );
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 6 }), (parts) => {
        const payloads = parts.map(([start, middle, end]) => start + middle.join('') + end);
        const stream = payloads.map((text) => `data: ${text}\n\n`).join('');
        const together = plain(new WebSocketDecoder(false, eventRuns).decode(payloads.map(encode)));
        expect(plain(decoder().decode([encode(stream)]))).toEqual({ ...together, messageStarts: undefined });
        expect(together).toEqual(oneByOne(payloads));
      }),
      { numRuns: 2_000 },
    );
  });

  it('survive any bytes at all, and say something of them or nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 10 }),
        fc.boolean(),
        (frames, standard) => {
          const sse = decoder(standard ? undefined : 'text/plain');
          for (const frame of frames) expect(plain(sse.decode([frame])).lines).toBeInstanceOf(Array);
          expect(plain(sse.finish()).lines).toBeInstanceOf(Array);
          expect(plain(new WebSocketDecoder(false, eventRuns).decode(frames)).lines).toBeInstanceOf(Array);
        },
      ),
    );
  });

  it('take the offset of the last event, and none from text that looks like one', () => {
    const decoded = decoder().decode([
      encode('data: {"message":"a","offset":3}\n\ndata: {"message":"b","offset":6}\n\n'),
    ]);
    expect(decoded).toMatchObject({ lines: ['a', 'b'], offset: 6 });
    expect(decoder().decode([encode('data: {"message":"a","offset":-3}\n\n')]).offset).toBeUndefined();
    expect(decoder().decode([encode('data: {"message":"a","offset":1e400}\n\n')]).offset).toBeUndefined();
  });

  it('know the events of a gateway, and take them for log lines from anyone else', () => {
    const events = [
      '{"type":"partial","message":"50%"}',
      '{"type":"caught_up","status":"RUNNING","offset":7}',
    ];
    expect(new WebSocketDecoder(true, eventRuns).decode(events)).toEqual({
      lines: [],
      messages: 'each',
      unfinished: '50%',
      end: { type: 'caughtUp', status: 'RUNNING', offset: 7 },
    });
    expect(new WebSocketDecoder(false, eventRuns).decode(events).lines).toEqual(['50%', events[1]]);
    expect(new WebSocketDecoder(true, eventRuns).decode(['{"type":"alive"}'])).toEqual({
      lines: [],
      messages: 'each',
    });
    expect(new WebSocketDecoder(false, eventRuns).decode(['{"type":"alive"}']).lines).toEqual([
      '{"type":"alive"}',
    ]);
  });

  it('take bytes for lines where they were asked for, and count them from where the stream begins', () => {
    const bytes = encode('a\r\nb\n');
    const after = new WebSocketDecoder(true, eventRuns, { from: 10 });
    expect(after.decode([bytes])).toMatchObject({ lines: ['a', 'b'], text: 'a\nb\n', offset: 15 });
    expect(after.decode(['{"type":"partial","message":"c"}', encode('c\n')])).toMatchObject({ offset: 17 });
    const fromTail = new WebSocketDecoder(true, eventRuns, { from: undefined });
    expect(fromTail.decode(['{"type":"partial","message":"","offset":7}', bytes])).toMatchObject({
      lines: ['a', 'b'],
      offsetBefore: 7,
      offset: 12,
    });
    expect(plain(new WebSocketDecoder(true, eventRuns).decode([encode('{"message":"a"}')])).lines).toEqual([
      'a',
    ]);
  });

  it('give the lines and offsets of bytes as a gateway puts them into events', () => {
    const piece = fc.constantFrom('\n', '\r', '\r\n', 'é', 'ab', '\u2028', '\ufeff');
    fc.assert(
      fc.property(fc.array(fc.array(piece, { minLength: 1, maxLength: 9 }), { minLength: 1 }), (batches) => {
        const texts = batches.map((batch) =>
          (batch.at(-1)?.endsWith('\n') ? batch : [...batch, '\n']).join(''),
        );
        let offset = 0;
        const events = texts.map((text) => {
          offset += encode(text).length;
          return JSON.stringify({ type: 'log', message: text.replaceAll('\r\n', '\n'), offset });
        });
        expect(plain(new WebSocketDecoder(true, eventRuns, { from: 0 }).decode(texts.map(encode)))).toEqual(
          plain(new WebSocketDecoder(true, eventRuns).decode(events)),
        );
      }),
    );
  });

  it('stop at the end, whatever follows it', () => {
    const complete = '{"type":"complete","status":"FAILED","exit_code":7,"offset":9}';
    const expected = { lines: ['a'], end: { type: 'complete', status: 'FAILED', exitCode: 7, offset: 9 } };
    expect(
      new WebSocketDecoder(true, eventRuns).decode(['{"message":"a"}', complete, '{"message":"b"}']),
    ).toEqual({
      ...expected,
      messages: 'each',
    });
    expect(
      plain(
        decoder().decode([encode(`data: {"message":"a"}\n\ndata: ${complete}\n\ndata: {"message":"b"}\n\n`)]),
      ),
    ).toEqual({ ...expected, messageStarts: undefined });
  });

  it('bound an event that never ends', () => {
    const sse = new SseDecoder({
      contentType: 'text/event-stream',
      additions: false,
      maxFrameBytes: 1000,
      eventRuns,
    });
    sse.decode([encode(`data: ${'x'.repeat(500)}`)]);
    expect(() => sse.decode([encode('x'.repeat(600))])).toThrow(
      expect.objectContaining({ code: 'FRAME_TOO_LARGE' }),
    );
  });
});
