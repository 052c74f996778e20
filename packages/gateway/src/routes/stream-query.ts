import type { JobLog } from '../contracts/job-log.js';
import type { EventFormat } from '../logs/encode-event.js';
import { findFirstLine } from '../logs/first-line.js';
import { firstWord } from '../logs/first-word.js';
import { findTailOffset } from '../logs/tail-offset.js';
import { RequestRefused } from '../request-refused.js';

/** What the query of a stream (and `Last-Event-ID`) asks for. */
export interface StreamQuery {
  lines: EventFormat['lines'];
  follow: boolean;
  start: { offset: number } | { tail: number };
}

/**
 * Reads the query of a stream. `Last-Event-ID` wins over the query: a browser that reconnects sends both, and its
 * URL is the old one.
 *
 * @throws {RequestRefused} 400, naming what cannot be used
 */
export function parseStreamQuery(query: unknown, lastEventId: unknown): StreamQuery {
  const values = query as Record<string, unknown>;
  const offset = parseCount('offset', values.offset);
  const tail = parseCount('tail', values.tail);
  if (offset !== undefined && tail !== undefined) {
    throw new RequestRefused(400, 'offset and tail exclude each other');
  }
  const resumed = lastEventId === '' ? undefined : parseCount('Last-Event-ID', lastEventId);
  const byte = resumed ?? offset;
  const batch = parseFlag('batch', values.batch, false);
  return {
    lines: parseFlag('bytes', values.bytes, false) ? 'bytes' : batch ? 'batch' : 'each',
    follow: parseFlag('follow', values.follow, true),
    start: byte === undefined && tail !== undefined ? { tail } : { offset: byte ?? 0 },
  };
}

/**
 * The byte to start at; `undefined` when the log does not hold it. Offset 0 is the first line that is still there.
 *
 * @throws why the log cannot be read there
 */
export async function resolveStart(log: JobLog, query: StreamQuery): Promise<number | undefined> {
  if ('tail' in query.start) {
    await log.ready;
    return findTailOffset(log, query.start.tail);
  }
  const { offset } = query.start;
  if (offset > 0 || !query.follow) await log.ready;
  else await firstWord(log);
  if (offset > log.size || (offset > 0 && offset < (log.start ?? 0))) return undefined;
  const start = offset === 0 ? await findFirstLine(log) : offset;
  // What cannot be read is refused before the stream begins.
  await log.read(start, 1);
  return start;
}

function parseCount(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const count = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(count))
    throw new RequestRefused(400, `${name} must be a whole number of at least 0`);
  return count;
}

function parseFlag(name: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (value === '1') return true;
  if (value === '0') return false;
  throw new RequestRefused(400, `${name} must be 0 or 1`);
}
