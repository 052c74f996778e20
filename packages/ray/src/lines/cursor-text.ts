import { InvalidArgumentError, type TailCursor } from '@raywire/core';
import { ByteReader, ByteWriter } from './position-bytes.js';
import { validateCursor } from './tail-cursor.js';

/** No identity and anchor come near it. */
const LONGEST_JSON = 4096;
const LONGEST_TEXT = 5 * LONGEST_JSON;
/** What Ray's own IDs begin with, and what stands for it. */
const USUAL_PREFIX = 'raysubmit_';
const SHORT_PREFIX = '~';
const URL_SAFE_ID = /^[\w-]+$/;

// The bits of the first byte; the highest is left to a later form.
const RELATIVE = 1;
const HAS_CHECKPOINT = 2;
/** The checkpoint's position is the cursor's. */
const AT_CHECKPOINT = 4;
/** The checkpoint's offset is the count of its canonical bytes. */
const OFFSET_IS_BYTES = 8;
const HAS_ANCHOR = 16;
/** The identity is the job ID, `@` and a number: the start time. */
const HAS_START_TIME = 32;
const HAS_IDENTITY = 64;

/**
 * A cursor as a short text for a URL, a header or the `id:` of an event stream: letters, digits and `-_.~`. A cursor of
 * an agent has 60 to 95 characters where the reader stands at an offset that the agent has told, and some 100, at most
 * 130, in the midst of what arrived together. One of a dashboard has proofs of its file with it, and 300 to 500.
 *
 * @throws {InvalidArgumentError} `INVALID_CURSOR` when it is not a cursor
 * @example
 * ```ts
 * import { AgentClient, decodeCursor, encodeCursor } from '@raywire/agent';
 *
 * const client = new AgentClient({ baseURL: 'http://127.0.0.1:8899' });
 * const tail = client.tailJobLogs('raysubmit_abc123');
 * await tail.batches().next();
 * const text = tail.cursor && encodeCursor(tail.cursor);
 * if (text) client.tailJobLogs('raysubmit_abc123', { cursor: decodeCursor(text) });
 * ```
 */
export function encodeCursor(cursor: TailCursor): string {
  const { jobId, identity, position, checkpoint, relative } = validateCursor(
    cursor,
    (cursor as TailCursor | undefined)?.jobId,
    'encodeCursor',
  );
  try {
    if (typeof jobId !== 'string' || jobId === '') throw new RangeError('it has no job ID');
    const startTime = identity === null ? undefined : startTimeOf(identity, jobId);
    const isAt = checkpoint !== null && samePlace(checkpoint.position, position);
    const isBytes = checkpoint !== null && checkpoint.offset === checkpoint.position.bytes;
    const id = shortId(jobId);
    const texts = [
      ...(id === '' ? [jobId] : []),
      ...(identity !== null && startTime === undefined ? [identity] : []),
      ...(checkpoint?.anchor === undefined ? [] : [checkpoint.anchor]),
    ];
    const writer = new ByteWriter();
    writer.count(
      (relative ? RELATIVE : 0) |
        (checkpoint === null ? 0 : HAS_CHECKPOINT) |
        (isAt ? AT_CHECKPOINT : 0) |
        (isBytes ? OFFSET_IS_BYTES : 0) |
        (checkpoint?.anchor === undefined ? 0 : HAS_ANCHOR) |
        (startTime === undefined ? 0 : HAS_START_TIME) |
        (identity === null || startTime !== undefined ? 0 : HAS_IDENTITY),
    );
    if (startTime !== undefined) writer.count(startTime);
    writer.position(position);
    if (checkpoint !== null && !isAt) writer.position(checkpoint.position);
    if (checkpoint !== null && !isBytes) writer.count(checkpoint.offset);
    const json = texts.length === 0 ? '' : JSON.stringify(texts);
    if (json.length > LONGEST_JSON) throw new RangeError('it is too long');
    writer.bytes.push(...new TextEncoder().encode(json));
    return `${id}.${toBase64(writer.bytes)}`;
  } catch (error) {
    throw invalid(`encodeCursor: this is not a cursor of a tail: ${reasonOf(error)}`, 'cursor');
  }
}

/**
 * The cursor of a text that `encodeCursor` made.
 *
 * @throws {InvalidArgumentError} `INVALID_CURSOR` for any other text
 */
export function decodeCursor(text: string): TailCursor {
  let cursor: TailCursor;
  try {
    if (typeof text !== 'string' || text.length > LONGEST_TEXT) throw new RangeError('it is no such text');
    cursor = parse(text);
    // There is one text for each cursor.
    if (encodeCursor(cursor) !== text) throw new RangeError('it was changed');
  } catch (error) {
    throw invalid(`decodeCursor: this is not a text of encodeCursor: ${reasonOf(error)}`, 'text');
  }
  return cursor;
}

function parse(text: string): TailCursor {
  const dot = text.lastIndexOf('.');
  if (dot < 0) throw new RangeError('it is no such text');
  const id = text.slice(0, dot);
  const reader = new ByteReader(fromBase64(text.slice(dot + 1)));
  const flags = reader.byte();
  if (flags >= 0x80) throw new RangeError('it has an unknown version');
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const startTime = has(HAS_START_TIME) ? reader.count() : undefined;
  const position = reader.position();
  const at = has(HAS_CHECKPOINT) && !has(AT_CHECKPOINT) ? reader.position() : position;
  const offset = has(HAS_CHECKPOINT) && !has(OFFSET_IS_BYTES) ? reader.count() : at.bytes;
  const rest = new TextDecoder('utf-8', { fatal: true }).decode(reader.rest());
  const texts = rest === '' ? [] : JSON.parse(rest);
  const jobId = id === '' ? texts.shift() : id.replace(SHORT_PREFIX, USUAL_PREFIX);
  const identity = has(HAS_IDENTITY) ? texts.shift() : null;
  const anchor = has(HAS_ANCHOR) ? { anchor: texts.shift() } : undefined;
  return {
    version: 1,
    jobId,
    identity: startTime === undefined ? identity : `${jobId}@${startTime}`,
    position,
    checkpoint: has(HAS_CHECKPOINT) ? { offset, position: at, ...anchor } : null,
    relative: has(RELATIVE),
  };
}

function startTimeOf(identity: string, jobId: string): number | undefined {
  const time = Number(identity.slice(jobId.length + 1));
  return Number.isSafeInteger(time) && time >= 0 && identity === `${jobId}@${time}` ? time : undefined;
}

function samePlace(one: TailCursor['position'], other: TailCursor['position']): boolean {
  return one.bytes === other.bytes && one.lines === other.lines && one.hash === other.hash;
}

/** Empty for an ID that a URL would change. */
function shortId(id: string): string {
  if (!URL_SAFE_ID.test(id)) return '';
  return id.startsWith(USUAL_PREFIX) ? SHORT_PREFIX + id.slice(USUAL_PREFIX.length) : id;
}

function toBase64(bytes: number[]): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64(text: string): Uint8Array {
  const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(bytes, (byte) => byte.charCodeAt(0));
}

function reasonOf(error: unknown): string {
  if (InvalidArgumentError.isInstance(error)) return 'it was changed';
  return error instanceof RangeError ? error.message : 'it cannot be read';
}

function invalid(problem: string, what: string): InvalidArgumentError {
  return new InvalidArgumentError({
    message: `${problem}. Pass the ${what} as it was.`,
    code: 'INVALID_CURSOR',
  });
}
