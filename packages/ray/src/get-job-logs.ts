import { type ApiClient, type CallOptions, StreamLimitExceededError } from '@raywire/core';
import type { StreamLimits } from '@raywire/network';
import { byteLength } from './lines/delivery-limits.js';
import type { LogBodyText } from './source/log-body-text.js';

/**
 * Reads a whole log into one string, as a stream, and never more of it than `maxBytes`.
 *
 * @throws {StreamLimitExceededError} when the log is larger than `limits.maxBytes`
 */
export async function readWholeLog(
  api: ApiClient,
  request: { path: string; bodyText: (contentType: string | undefined) => LogBodyText; limits: StreamLimits },
  options: CallOptions,
): Promise<string> {
  const { limits } = request;
  const response = await api.stream({
    path: request.path,
    headers: { accept: 'text/plain, application/json' },
    ...options,
  });
  let log = '';
  let bytes = 0;
  const add = (piece: string): void => {
    bytes += byteLength(piece);
    if (bytes > limits.maxBytes) throw tooLarge(limits.maxBytes);
    log += piece;
  };
  try {
    const text = request.bodyText(response.headers['content-type']);
    for await (const chunk of response.body) add(text.push(chunk));
    add(text.end());
    return log;
  } finally {
    response.cancel();
  }
}

function tooLarge(max: number): StreamLimitExceededError {
  return new StreamLimitExceededError({
    limit: 'maxBytes',
    max,
    message: `The log is larger than maxBytes (${max}). Read it line by line with tailJobLogs, or raise streamLimits: { maxBytes: … }.`,
  });
}
