import type { TailCursor } from '@raywire/core';
import type { LogPosition } from '@raywire/core/internal';
import type { LineList } from '../source/log-source.js';

/** Lines on their way to the reader, with what is needed to say where each of them ends. */
export interface LineBatch {
  /** As delivered. */
  readonly lines: LineList;
  /** As the log has them: the same array, unless a `\r` was collapsed or a line truncated. */
  readonly raw: LineList;
  /** Where the reader stood before the first line. */
  readonly start: LogPosition;
  /** Where the reader stands after the last one. */
  readonly end: LogPosition;
  /** How far the reader's position was computed: at first where `raw` begins, which is past what was folded away. */
  reached: { readonly count: number; readonly position: LogPosition };
  /** The last offset that the source had told before the first line. */
  readonly checkpoint: TailCursor['checkpoint'];
}
