import { StreamLimitExceededError } from '@raywire/core';
import type { StreamLimits } from '@raywire/network';
import { Utf8 } from '#utf8';
import type { LogBodyText } from './source/log-body-text.js';

/**
 * A whole log as one string, and never more of it than `maxBytes`.
 *
 * @throws {StreamLimitExceededError} when the log is larger
 */
export async function collectLog(
  chunks: AsyncIterable<Uint8Array>,
  text: LogBodyText,
  { maxBytes }: StreamLimits,
): Promise<string> {
  const utf8 = new Utf8();
  let log = '';
  let bytes = 0;
  const add = (piece: string): void => {
    bytes += utf8.length(piece);
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    log += piece;
  };
  for await (const chunk of chunks) add(text.push(chunk));
  add(text.end());
  return log;
}

function tooLarge(max: number): StreamLimitExceededError {
  return new StreamLimitExceededError({
    limit: 'maxBytes',
    max,
    message: `The log is larger than maxBytes (${max}). Read it line by line with tailJobLogs, or raise streamLimits: { maxBytes: … }.`,
  });
}
