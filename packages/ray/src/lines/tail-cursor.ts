import { InvalidArgumentError, type TailCursor } from '@raywire/core';
import type { LogPosition } from '@raywire/core/internal';
import { RollingHash } from './rolling-hash.js';

const LONGEST_ANCHOR_PART = 200;

/**
 * Checks a cursor that comes from outside.
 *
 * @param where the method, for the message
 * @throws {InvalidArgumentError} when it is not one, or one of another job
 */
export function validateCursor(cursor: unknown, jobId: string | undefined, where: string): TailCursor {
  const problem = problemOf(cursor, jobId);
  if (problem !== undefined) {
    throw new InvalidArgumentError({
      message: `${where}: cursor ${problem}. Pass the value of an earlier tail's \`cursor\`, as it was.`,
      code: 'INVALID_CURSOR',
    });
  }
  return cursor as TailCursor;
}

function problemOf(cursor: unknown, jobId: string | undefined): string | undefined {
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
  if (checkpoint.anchor !== undefined && !isAnchor(checkpoint.anchor)) return 'has a bad anchor';
  return checkpoint.position.bytes > position.bytes ? 'has a checkpoint past its position' : undefined;
}

function isPosition(value: unknown): value is LogPosition {
  if (typeof value !== 'object' || value === null) return false;
  const { bytes, hash, lines } = value as Partial<LogPosition>;
  return isCount(bytes) && isCount(lines) && typeof hash === 'string' && RollingHash.isState(hash);
}

function isAnchor(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every(
      (part) => Number.isFinite(part) || (typeof part === 'string' && part.length <= LONGEST_ANCHOR_PART),
    )
  );
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
