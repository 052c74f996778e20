import { InvalidArgumentError } from '@raywire/core';
import type { LogPosition } from './log-position.js';
import { RollingHash } from './rolling-hash.js';

/**
 * A position in a log that survives `JSON.stringify`: pass it as `{ cursor }` to a new tail, also in another
 * process, to go on just after the last item that was handed out. Treat it as opaque.
 */
export interface TailCursor {
  readonly version: 1;
  readonly jobId: string;
  /** Which log it was (submission ID and start time); `null` where the server did not say. */
  readonly identity: string | null;
  readonly position: LogPosition;
  /** The last place at which the source told its own offset: where sources that can skip start again. */
  readonly checkpoint: { readonly offset: number; readonly position: LogPosition } | null;
  /** The tail began in the middle (`tailLines`): positions count from there, so only `checkpoint` can resume. */
  readonly relative: boolean;
}

/**
 * Checks a cursor that comes from outside.
 *
 * @throws {InvalidArgumentError} when it is not one, or one of another job
 */
export function validateCursor(cursor: unknown, jobId: string): TailCursor {
  const problem = problemOf(cursor, jobId);
  if (problem !== undefined) {
    throw new InvalidArgumentError({
      message: `cursor ${problem}. Pass the value of an earlier tail's \`cursor\`, as it was.`,
      code: 'INVALID_CURSOR',
    });
  }
  return cursor as TailCursor;
}

function problemOf(cursor: unknown, jobId: string): string | undefined {
  if (typeof cursor !== 'object' || cursor === null) return 'is not a cursor object';
  const {
    version,
    jobId: cursorJob,
    identity,
    position,
    checkpoint,
    relative,
  } = cursor as Partial<TailCursor>;
  if (version !== 1) return 'has an unknown version';
  if (cursorJob !== jobId) return 'belongs to another job';
  if (identity !== null && typeof identity !== 'string') return 'has a bad identity';
  if (!isPosition(position)) return 'has a bad position';
  if (typeof relative !== 'boolean') return 'does not say whether it is relative';
  if (checkpoint === null) return relative ? 'cannot be resumed: it has no offset' : undefined;
  if (typeof checkpoint !== 'object' || !isCount(checkpoint?.offset) || !isPosition(checkpoint.position)) {
    return 'has a bad checkpoint';
  }
  return checkpoint.position.bytes > position.bytes ? 'has a checkpoint past its position' : undefined;
}

function isPosition(value: unknown): value is LogPosition {
  if (typeof value !== 'object' || value === null) return false;
  const { bytes, hash, lines } = value as Partial<LogPosition>;
  return isCount(bytes) && isCount(lines) && typeof hash === 'string' && RollingHash.isState(hash);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
