import type { StreamLimits } from '@raywire/network';

/** A larger frame is refused by the transport. */
export const MAX_FRAME_BYTES: number = 8 * 1024 * 1024;

/** JSON writes one byte of a line as `\u0000` at worst. */
const ESCAPED = 6;
/** What an event may hold besides one line of the largest size: its fields, and the lines before it. */
const BESIDES = 512 * 1024;
/** No engine holds a much longer text in one piece: V8 ends at 512 MiB. */
const LONGEST_TEXT = 500 * 1024 * 1024;

/**
 * How large an event of a stream may become before it is surely past `maxMessageSize`. Where that limit is off, or
 * cuts a line short instead of failing, the line has to be read to its end all the same.
 */
export function maxEventBytes({ maxMessageSize, oversize }: StreamLimits): number {
  if (oversize === 'truncate') return LONGEST_TEXT;
  return Math.min(LONGEST_TEXT, Math.max(MAX_FRAME_BYTES, maxMessageSize * ESCAPED + BESIDES));
}
