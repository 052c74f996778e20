import type { IncomingMessage } from 'node:http';
import { httpErrorFromResponse, type LogRequest } from '@raywire/core';

/** More of a refusal than this nobody reads. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Reads what a server says instead of the upgrade, as far as it is of use, and hands over the error that it means.
 *
 * @returns what ends the reading early, with what has come so far
 */
export function refusal(
  response: IncomingMessage,
  { url, headers: requestHeaders }: Pick<LogRequest, 'url' | 'headers'>,
  refuse: (error: Error) => void,
): () => void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const finish = (): void => {
    response.off('data', onData).off('end', finish).off('close', finish);
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(response.headers)) {
      if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
    }
    const body = Buffer.concat(chunks).toString();
    const status = response.statusCode ?? 0;
    refuse(httpErrorFromResponse({ status, headers, body, url, requestHeaders }));
  };
  const onData = (chunk: Buffer): void => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MAX_BODY_BYTES) finish();
  };
  // A body that breaks off still has its status: `close` follows, and is what counts.
  response.on('error', () => undefined);
  response.on('data', onData).on('end', finish).on('close', finish);
  return finish;
}
